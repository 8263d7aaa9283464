"""Records as Parquet, a file of columns with types: what pandas, Polars and DuckDB read."""

from datetime import datetime
from enum import Enum
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq

from nepishell.core.states import ResourceState
from nepishell.output.kinds import clean
from nepishell.output.records import Column, Records

Plain = str | bool | int | float | datetime | None


def parquet(records: Records) -> bytes:
    """The file; numbers in base units, states by name, several things in a cell as text."""
    columns = {
        _unique(number, records.columns): _column([row[number] for row in records.rows], each.kind)
        for number, each in enumerate(records.columns)
    }
    file = BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def _unique(number: int, columns: tuple[Column, ...]) -> str:
    name = columns[number].name
    return f"{name}_{number}" if name in [each.name for each in columns[:number]] else name


def _column(values: list[object], kind: str) -> "pa.Array":
    plain = [_plain(value, kind) for value in values]
    known = [value for value in plain if value is not None]
    if all(type(value) in (int, float) for value in known) and float in map(type, known):
        plain = [None if value is None else float(value) for value in plain]  # type: ignore[arg-type]
    elif len({type(value) for value in known}) > 1:
        plain = [None if value is None else str(value) for value in plain]
    if not known:
        return pa.array(plain, pa.string())
    try:
        return pa.array(plain)
    except (OverflowError, pa.ArrowInvalid):
        return pa.array([None if value is None else str(value) for value in plain])


def _plain(value: object, kind: str) -> Plain:
    match value:
        case None | bool() | float() | datetime():
            return value
        case str():
            return clean(value, lines=True)
        case Enum():
            return value.name
        case int():
            return ResourceState(value).name if kind == "state" else value
        case list() | tuple() | set() | frozenset():
            return " ".join(str(_plain(each, kind)) for each in value)
    return clean(str(value), lines=True)
