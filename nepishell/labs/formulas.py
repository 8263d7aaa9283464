"""Arithmetic in lab.toml: what is computed from a student's values, as in `8 * rtt / rate`.

Numbers, names of parameters, + - * / ** and parentheses, sqrt floor ceil round min max: nothing
else is understood, so nothing that a lab brings along is ever executed.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping

from nepishell.core.errors import BadValue, UnknownName, did_you_mean

#: The longest formula that is read: nobody writes longer ones, and nesting costs stack.
_MOST_CHARACTERS = 200
#: 2 ** 64 has its use in addresses; ten to the ten thousand has none.
_MOST_POWER = 128

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "min": min,
    "max": max,
}


def evaluate(formula: str, values: Mapping[str, float]) -> float:
    """The number that *formula* comes to; *values*: of the names in it.

    Raises BadValue for what is no arithmetic or has no result, UnknownName for another name.
    """
    try:
        found = _number(_parsed(formula).body, values)
    except (ArithmeticError, ValueError, TypeError) as problem:
        if isinstance(problem, BadValue):
            raise
        raise BadValue(f"formula '{formula}' has no result: {problem}") from None
    if isinstance(found, complex) or not math.isfinite(found):
        raise BadValue(f"formula '{formula}' has no result: it is {found}")
    return found


def names_in(formula: str) -> tuple[str, ...]:
    """The names that *formula* computes with, each once; raises BadValue."""
    tree = _parsed(formula)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called
    ]
    return tuple(dict.fromkeys(names))


def show(value: float) -> str:
    """*value* as a person writes it: six digits, no exponent where it can be helped."""
    rounded = float(f"{value:.6g}")
    return str(int(rounded)) if rounded.is_integer() else repr(rounded)


def _parsed(formula: str) -> ast.Expression:
    if len(formula) > _MOST_CHARACTERS:
        raise BadValue(f"a formula is at most {_MOST_CHARACTERS} characters long")
    try:
        return ast.parse(formula.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        raise BadValue(
            f"'{formula}' is no formula; write one as in 2 * delay + 12 / rate"
        ) from None


def _number(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.Name(id=name):
            return _value(name, values)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_number(inner, values)
        case ast.BinOp(op=op, left=left, right=right) if type(op) in _BINARY:
            one, other = _number(left, values), _number(right, values)
            if isinstance(op, ast.Pow) and abs(other) > _MOST_POWER:
                raise BadValue(f"a power is at most {_MOST_POWER}, not {other}")
            return _BINARY[type(op)](one, other)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _called(name, [_number(arg, values) for arg in args])
    raise BadValue(f"'{ast.unparse(node)}' is nothing that a formula can have")


def _value(name: str, values: Mapping[str, float]) -> float:
    if name not in values:
        raise UnknownName(f"no number '{name}' to compute with{did_you_mean(name, values)}")
    return values[name]


def _called(name: str, arguments: list[float]) -> float:
    if name not in _FUNCTIONS:
        raise UnknownName(f"no function '{name}' in formulas{did_you_mean(name, _FUNCTIONS)}")
    return _FUNCTIONS[name](*arguments)
