"""Types of what stands after `|`: columns, conditions on them, keys to sort by.

They bind plain tuples, which the room that filters records reads without knowing this one.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from nepishell.lang.errors import Bad
from nepishell.lang.types.base import BaseType, Candidate, Env, behind
from nepishell.lang.types.plain import StateType
from nepishell.lang.types.resources import labels
from nepishell.lang.view import View

#: Where the walk puts the columns that the command before the pipe declares.
COLUMNS = "*columns"

_WITH_OPERATOR = re.compile(r"((\w+)\s*!?=\s*)([^\s=!<>~]*)")
_OPERATORS = {
    "=": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than",
    ">=": "is at least", "~": "contains the pattern",
}  # fmt: skip
_CONDITION = re.compile(r"\s*([^\s=!<>~]+)\s*(!=|<=|>=|=|<|>|~)\s*(.*?)\s*", re.DOTALL)
# `rtt`, `rtt >`, `rtt>`, `state =`; but `label=` is complete: it asks for nothing
_BEGUN = re.compile(r"[^\s=!<>~]+(\s+(!=|=)|\s*(<=|>=|<|>|~))?")


def known_columns(env: Env) -> tuple[str, ...]:
    """Columns declared by the command; empty when it did not say."""
    found = env.get(COLUMNS, ())
    return found if isinstance(found, tuple) else ()


def _check(env: Env, column: str, offset: int = 0) -> str:
    known = known_columns(env)
    if known and column not in known:
        near = (column, lambda: known)
        raise Bad(f"no column '{column}'", offset=offset, length=len(column), near=near)
    return column


class ColumnType(BaseType):
    """One column."""

    name, style, help, sample = "column", "column", "a column", "guid"
    rank = 40

    def parse(self, view: View, env: Env, text: str) -> object:
        if not text:
            raise Bad("a column is missing")
        return _check(env, text)

    def partial(self, view: View, env: Env, text: str) -> bool:
        known = known_columns(env)
        return not known or any(column.startswith(text) for column in known)

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        found = [column for column in known_columns(env) if column.startswith(prefix)]
        return [Candidate(column) for column in found[:limit]]

    def example(self, view: View, env: Env) -> str:
        return next(iter(known_columns(env)), self.sample)


def _values(view: View, column: str, prefix: str, limit: int) -> list[Candidate]:
    """What such a column holds, where its name tells."""
    match column:
        case "state" | "from" | "to":
            return list(StateType().complete(view, {}, prefix, limit))
        case "label":
            return labels(view, prefix, limit)
        case "rtype":
            return [Candidate(name) for name in view.names("used rtype").starting_with(prefix)]
    return []


class ColumnsType(ColumnType):
    """Columns with commas between; bound as a tuple."""

    name, help, sample = "columns", "columns with commas between, as in guid,label", "guid"

    def parse(self, view: View, env: Env, text: str) -> tuple[str, ...]:
        offset, found = 0, []
        for column in text.split(","):
            if not column:
                raise Bad("a column is missing", offset=max(0, offset - 1), length=1)
            found.append(_check(env, column, offset))
            offset += len(column) + 1
        return tuple(found)

    def partial(self, view: View, env: Env, text: str) -> bool:
        *before, last = text.split(",")
        known = known_columns(env)
        if not all(column in known for column in before) and known:
            return False
        return all(before) and super().partial(view, env, last)

    def kept(self, text: str) -> int:
        return text.rfind(",") + 1

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        head, comma, last = prefix.rpartition(",")
        given = head.split(",")
        found = super().complete(view, env, last, limit)
        return behind(head + comma, (entry for entry in found if entry.text not in given))

    def format(self, value: object, view: View | None, env: Env) -> str:
        return ",".join(value) if isinstance(value, tuple) else str(value)


class SortKey(NamedTuple):
    """A column, and whether the largest comes first."""

    column: str
    descending: bool = False


class SortKeyType(ColumnType):
    """A column; `-column` for the largest first."""

    name, help = "sortkey", "a column; -column for the largest first"

    def parse(self, view: View, env: Env, text: str) -> SortKey:
        column = text.removeprefix("-")
        if not column:
            raise Bad("a column is missing")
        return SortKey(_check(env, column, len(text) - len(column)), text.startswith("-"))

    def partial(self, view: View, env: Env, text: str) -> bool:
        return super().partial(view, env, text.removeprefix("-"))

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        minus = "-" * self.kept(prefix)
        found = super().complete(view, env, prefix.removeprefix("-"), limit)
        return behind(minus, found)

    def kept(self, text: str) -> int:
        return int(text.startswith("-"))

    def format(self, value: object, view: View | None, env: Env) -> str:
        if not isinstance(value, SortKey):
            return str(value)
        return f"{'-' if value.descending else ''}{value.column}"


class Condition(NamedTuple):
    """column, operator, text: `state=FAILED`; the text is read in the column's own type."""

    column: str
    operator: str
    text: str


class ConditionType(ColumnType):
    """`state=FAILED`, `rtt > 30ms`, `label~web.*`: = != < > <= >= ~ (contains the pattern)."""

    name, help, sample = "condition", "a condition, as in state=FAILED, rtt>30ms, label~web", "a=b"

    def parse(self, view: View, env: Env, text: str) -> Condition:
        found = _CONDITION.fullmatch(text)
        if found is None:
            raise Bad(f"'{text}' is not a condition; write column=value, with = != < > <= >= or ~")
        if not found[3] and found[2] not in ("=", "!="):
            raise Bad(f"'{text}': nothing stands after '{found[2]}'")
        column = _check(env, found[1], found.start(1))
        return Condition(column, found[2], found[3])

    def partial(self, view: View, env: Env, text: str) -> bool:
        begun = re.match(r"\s*[^\s=!<>~]*", text)
        column = begun.group().strip() if begun else ""
        if column == text.strip():
            return super().partial(view, env, column)
        known = known_columns(env)
        return not known or column in known

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        begun = _WITH_OPERATOR.fullmatch(prefix)
        if begun:
            return behind(begun[1], _values(view, begun[2], begun[3], limit))
        if prefix.endswith(" "):
            return [Candidate(prefix + each, help_) for each, help_ in _OPERATORS.items()]
        found = super().complete(view, env, prefix, limit)
        return [entry._replace(text=f"{entry.text}=", more=True) for entry in found]

    def kept(self, text: str) -> int:
        begun = _WITH_OPERATOR.fullmatch(text)
        return begun.start(3) if begun else 0

    def format(self, value: object, view: View | None, env: Env) -> str:
        if not isinstance(value, Condition):
            return str(value)
        # '<' before '=...' must not become '<='
        gap = " " if value.text.startswith("=") else ""
        return f"{value.column}{value.operator}{gap}{value.text}"

    def example(self, view: View, env: Env) -> str:
        return f"{super().example(view, env)}=1"

    def continues(self, text: str) -> bool:
        return _BEGUN.fullmatch(text) is not None
