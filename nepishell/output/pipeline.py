"""Stages of a pipe over records: where, cols, sort, head, tail, count, and the format.

A stage is anything with a `command` and `args`; the values of the arguments are plain tuples.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, cast

from nepishell.core.errors import BadValue, NepishellError, UnknownName, did_you_mean
from nepishell.output.kinds import KINDS, written
from nepishell.output.records import Column, Drawing, Message, Record, Records, Result
from nepishell.output.render import FORMATS

#: Rows that head and tail keep when no number is given.
SOME = 10

Row = tuple[object, ...]


class Stage(Protocol):
    """What stands after a `|`; calls of the command language fit."""

    @property
    def command(self) -> str: ...
    @property
    def args(self) -> Mapping[str, object]: ...


class Shaped(NamedTuple):
    """What came out of a pipe, and the format it asks for ('' when it did not say)."""

    result: Result
    form: str = ""


def shape(result: Result, stages: Sequence[Stage]) -> Shaped:
    """*result* after *stages*, in order; raises NepishellError."""
    form = ""
    for stage in stages:
        if form:
            raise BadValue(f"nothing may follow '| {form}': put '{stage.command}' before it")
        if stage.command in FORMATS:
            form = stage.command
            continue
        function = _STAGES.get(stage.command)
        if function is None:
            known = [*_STAGES, *FORMATS]
            raise UnknownName(f"no stage '{stage.command}'{did_you_mean(stage.command, known)}")
        result = function(_records(result, stage.command), stage.args)
    return Shaped(result, form)


def _records(result: Result, stage: str) -> Records:
    match result:
        case Records():
            return result
        case Record():
            return result.as_records()
        case Drawing(records):
            return records
        case Message():
            raise BadValue(f"'| {stage}' needs records, and this command gives a sentence")


def where(records: Records, args: Mapping[str, object]) -> Records:
    """Rows that meet every (column, operator, text) of args['conditions']."""
    tests = [
        _test(records, *condition)
        for condition in cast("Sequence[tuple[str, str, str]]", args["conditions"])
    ]
    return records.with_rows([row for row in records.rows if all(test(row) for test in tests)])


_COMPARE: Mapping[str, Callable[..., bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def _test(records: Records, name: str, op: str, text: str) -> Callable[[Row], bool]:
    at = records.position(name)
    column = records.columns[at]
    if op == "~":
        pattern = _pattern(text)
        return lambda row: pattern.search(written(row[at], column.kind)) is not None
    compare = _COMPARE.get(op)
    if compare is None:
        raise BadValue(f"no operator '{op}'; operators are {' '.join(_COMPARE)} ~")
    wanted = _wanted(column, text)
    return lambda row: _holds(row[at], column, compare, op, wanted)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as problem:
        raise BadValue(f"'{text}' is not a pattern: {problem}") from None


def _wanted(column: Column, text: str) -> object:
    """What to compare with: the text in the column's own kind; None for nothing."""
    parse = KINDS[column.kind].parse
    if text == "" and column.kind != "text":
        return None
    if parse is None:
        return text
    try:
        return parse(text)
    except NepishellError as problem:
        raise BadValue(f"column '{column.name}': {problem}") from None


def _holds(
    value: object, column: Column, compare: Callable[..., bool], op: str, wanted: object
) -> bool:
    if isinstance(value, list | tuple | set | frozenset):
        return any(_holds(each, column, compare, op, wanted) for each in value)
    if column.kind == "text":
        value = written(value, "text")
        if op not in ("=", "!="):
            return compare(_natural(value), _natural(str(wanted)))
    if value is None or wanted is None:
        # what is not known is neither more nor less than anything
        return op in ("=", "!=") and compare(value, wanted)
    try:
        return compare(value, wanted)
    except TypeError:
        return op == "!="


def cols(records: Records, args: Mapping[str, object]) -> Records:
    """Only args['columns'], in that order."""
    places = [records.position(name) for name in cast("Sequence[str]", args["columns"])]
    return Records(
        [records.columns[at] for at in places],
        [tuple(row[at] for at in places) for row in records.rows],
        records.title,
    )


def sort(records: Records, args: Mapping[str, object]) -> Records:
    """By each (column, descending) of args['keys']; what is not known comes last."""
    rows = list(records.rows)
    for name, descending in reversed(cast("Sequence[tuple[str, bool]]", args["keys"])):
        at = records.position(name)
        known = [row for row in rows if row[at] is not None]
        known.sort(key=lambda row: _sortable(row[at]), reverse=descending)
        rows = known + [row for row in rows if row[at] is None]
    return records.with_rows(rows)


def _sortable(value: object) -> tuple[int, object]:
    """Numbers before text; web9 before web10."""
    if isinstance(value, int | float):
        return 0, value
    text = value.isoformat() if hasattr(value, "isoformat") else written(value, "text")
    return 1, _natural(str(text))


def _natural(text: str) -> list[tuple[int, str]]:
    # text and digits take turns; of two numbers the one with more digits is larger
    return [
        (len(digits := part.lstrip("0")), digits) if index % 2 else (0, part)
        for index, part in enumerate(re.split(r"([0-9]+)", text))
    ]


def head(records: Records, args: Mapping[str, object]) -> Records:
    """The first args['count'] rows."""
    return records.with_rows(records.rows[: _count(args)])


def tail(records: Records, args: Mapping[str, object]) -> Records:
    """The last args['count'] rows."""
    return records.with_rows(records.rows[max(0, len(records.rows) - _count(args)) :])


def _count(args: Mapping[str, object]) -> int:
    return max(0, cast("int", args.get("count", SOME)))


def count(records: Records, args: Mapping[str, object]) -> Record:
    """How many rows there are."""
    return Record({"count": len(records.rows)})


_STAGES: Mapping[str, Callable[[Records, Mapping[str, object]], Records | Record]] = {
    "where": where,
    "cols": cols,
    "sort": sort,
    "head": head,
    "tail": tail,
    "count": count,
}
