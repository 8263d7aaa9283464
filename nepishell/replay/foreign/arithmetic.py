"""The little of Python that topologies are written with: names, numbers, lists, loops' ranges.

Read from the syntax tree and never run: what is not known here is UNKNOWN, and whoever needs it
says where. Sizes are bounded, so that a file cannot keep us busy.
"""

import ast
import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

MOST_ITEMS, MOST_LETTERS, MOST_NUMBER = 5000, 1000, 10**9
_PERCENT = re.compile(r"(?:[^%]|%[sdi%])*")
_BRACES = re.compile(r"\{(\d?)\}")


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


#: What only running the file could tell.
UNKNOWN = _Unknown()
Known = Mapping[str, Any]
#: Evaluates a call that is none of arithmetic, where so much is known.
Calls = Callable[[ast.Call, Known], Any]


def value_of(node: ast.expr | None, known: Known, calls: Calls) -> Any:
    """The value of an expression, or UNKNOWN."""
    try:
        return _bounded(_value(node, known, calls))
    except (TypeError, ValueError, KeyError, IndexError, ZeroDivisionError, OverflowError):
        return UNKNOWN


def _bounded(value: Any) -> Any:
    match value:
        case bool() | None:
            return value
        case int() | float():
            return value if abs(value) <= MOST_NUMBER else UNKNOWN
        case str():
            return value if len(value) <= MOST_LETTERS else UNKNOWN
        case list() | tuple() | dict():
            return value if len(value) <= MOST_ITEMS else UNKNOWN
    return value


def _value(node: ast.expr | None, known: Known, calls: Calls) -> Any:
    def get(part: ast.expr | None) -> Any:
        return value_of(part, known, calls)

    match node:
        case ast.Constant(value):
            return value
        case ast.Name(name):
            return known.get(name, UNKNOWN)
        case ast.List(items) | ast.Tuple(items):
            return [get(item) for item in items]
        case ast.Dict(keys, values):
            return {get(key): get(each) for key, each in zip(keys, values, strict=True)}
        case ast.JoinedStr(parts):
            return _joined([get(part) for part in parts])
        case ast.FormattedValue(inner, format_spec=None):
            return get(inner)
        case ast.BinOp(left, operator, right):
            return _operated(operator, get(left), get(right))
        case ast.UnaryOp(ast.USub(), operand):
            return -get(operand)
        case ast.Subscript(base, index):
            return get(base)[get(index)]
        case ast.Compare(left, [operator], [right]):
            return _compared(operator, get(left), get(right))
        case ast.IfExp(test, body, other):
            chosen = get(test)
            return UNKNOWN if chosen is UNKNOWN else get(body if chosen else other)
        case ast.ListComp(element, [ast.comprehension(ast.Name(name), items, [])]):
            found = [
                value_of(element, {**known, name: item}, calls) for item in items_of(get(items))
            ]
            return UNKNOWN if UNKNOWN in found else found
        case ast.Call(ast.Name(name), arguments, []) if name in _FUNCTIONS:
            return _called(name, [get(argument) for argument in arguments])
        case ast.Call(ast.Name("dict"), [], keywords):
            return {each.arg: get(each.value) for each in keywords if each.arg}
        case ast.Call(ast.Attribute(base, "format"), arguments, []):
            return _filled(get(base), [get(argument) for argument in arguments])
        case ast.Call():
            return calls(node, known)
    return UNKNOWN


def items_of(value: Any) -> list[Any]:
    """What a loop goes over; nothing for what is no list. Raises ValueError for UNKNOWN."""
    if isinstance(value, list | tuple | dict | str):
        return list(value)
    raise ValueError(str(value))


def _joined(parts: list[Any]) -> Any:
    return UNKNOWN if UNKNOWN in parts else "".join(map(str, parts))


def _operated(operator: ast.operator, left: Any, right: Any) -> Any:
    if UNKNOWN in (left, right) if not isinstance(right, list) else UNKNOWN in right:
        return UNKNOWN
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    match operator:
        case ast.Add() if numbers or type(left) is type(right):
            return left + right
        case ast.Sub() if numbers:
            return left - right
        case ast.Mult() if numbers:
            return left * right
        case ast.FloorDiv() if numbers:
            return left // right
        case ast.Div() if numbers:
            return left / right
        case ast.Mod() if numbers:
            return left % right
        case ast.Mod() if isinstance(left, str) and _PERCENT.fullmatch(left):
            return left % (tuple(right) if isinstance(right, list) else right)
    return UNKNOWN


def _compared(operator: ast.cmpop, left: Any, right: Any) -> Any:
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    match operator:
        case ast.Eq():
            return left == right
        case ast.NotEq():
            return left != right
        case ast.Lt():
            return left < right
        case ast.LtE():
            return left <= right
        case ast.Gt():
            return left > right
        case ast.GtE():
            return left >= right
    return UNKNOWN


_FUNCTIONS = frozenset({"range", "irange", "str", "int", "len", "list", "enumerate", "zip"})


def _called(name: str, arguments: list[Any]) -> Any:
    if any(each is UNKNOWN for each in arguments):
        return UNKNOWN
    match name, arguments:
        case "range", [*numbers] if all(isinstance(each, int) for each in numbers):
            found = range(*numbers)
            return list(found) if len(found) <= MOST_ITEMS else UNKNOWN
        case "irange", [int(first), int(last)]:
            return list(range(first, last + 1)) if last - first < MOST_ITEMS else UNKNOWN
        case "str", [int() | float() | str() as one]:
            return str(one)
        case "int", [int() | float() | str() as one]:
            return int(one)
        case "len" | "list", [list() as one]:
            return len(one) if name == "len" else list(one)
        case "enumerate", [list() as one]:
            return [list(pair) for pair in enumerate(one)]
        case "zip", [list() as one, list() as other]:
            return [list(pair) for pair in zip(one, other, strict=False)]
    return UNKNOWN


def _filled(text: Any, arguments: list[Any]) -> Any:
    if not isinstance(text, str) or UNKNOWN in arguments or _BRACES.sub("", text).count("{"):
        return UNKNOWN
    turn = count()
    return _BRACES.sub(lambda hit: str(arguments[int(hit[1]) if hit[1] else next(turn)]), text)
