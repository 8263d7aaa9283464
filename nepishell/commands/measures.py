"""Numbers from what a resource recorded: a trace in CSV, a column of it, one statistic.

Values are in base units (seconds, bit/s, bytes, percent); what a number is about is told by its
name (`rtt`, `throughput`), or by a unit at the end of it (`rtt_ms`, `loss_percent`).
"""

import csv
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nepishell.core.errors import BadValue, UnknownName, did_you_mean
from nepishell.engine.resource import ResourceManager
from nepishell.output.records import Records
from nepishell.resources.linux.traces import Recording
from nepishell.resources.sampling import Sampling

_UNITS: dict[str, tuple[str, float]] = {
    "s": ("duration", 1.0),
    "ms": ("duration", 1e-3),
    "us": ("duration", 1e-6),
    "bps": ("rate", 1.0),
    "kbps": ("rate", 1e3),
    "mbps": ("rate", 1e6),
    "percent": ("percent", 1.0),
    "bytes": ("size", 1.0),
}
_KINDS = {
    **dict.fromkeys(("rtt", "delay", "jitter", "duration"), "duration"),
    # of mtr, for each hop
    **dict.fromkeys(("last", "avg", "best", "worst", "stdev"), "duration"),
    **dict.fromkeys(("throughput", "rate", "bandwidth"), "rate"),
    **dict.fromkeys(("loss",), "percent"),
    **dict.fromkeys(("bytes",), "size"),
}
_PERCENTILE = re.compile(r"p(\d{1,2})")


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _median(values: Sequence[float]) -> float:
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _deviation(values: Sequence[float]) -> float:
    mean = _mean(values)
    return math.sqrt(_mean([(value - mean) ** 2 for value in values]))


# by hand: the statistics module loads decimals and hashes, which every start would pay for
STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "avg": _mean,
    "mean": _mean,
    "median": _median,
    "min": min,
    "max": max,
    "sum": math.fsum,
    "stddev": _deviation,
    "first": lambda values: values[0],
    "last": lambda values: values[-1],
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a CSV trace in base units; cells without a number are left out."""

    name: str
    kind: str
    values: tuple[float, ...]


def base_name(header: str) -> str:
    """The name of a column without its unit: rtt_ms -> rtt."""
    stem, _, unit = header.rpartition("_")
    return stem if stem and unit in _UNITS else header


def metrics_of(rm: ResourceManager) -> tuple[str, ...]:
    """What can be asked of a resource by name: its attributes, and the numbers it reports."""
    reported = getattr(rm, "metrics", None)
    return (*sorted(rm._attributes), *(reported() if callable(reported) else ()))


def as_records(rm: ResourceManager, trace: str) -> Records | None:
    """A trace that is a table of numbers as records; None for one that is text."""
    table = rm.report().tables.get(trace) if isinstance(rm, Recording | Sampling) else None
    if table is None:
        return None
    columns = [_declared(name) for name in table.columns]
    rows = [tuple(_cell(cell) for cell in row) for row in table.rows]
    return Records(columns, rows, "rows")


def _declared(column: str) -> str:
    kind = kind_of(column)
    return column if kind == "number" else f"{column}:{kind}"


def _cell(cell: str | float | None) -> str | float | None:
    """Numbers that came as text, as numbers; an empty cell is nothing."""
    if not isinstance(cell, str):
        return cell
    try:
        return float(cell)
    except ValueError:
        return cell or None


def kind_of(path: str) -> str:
    """What a number of this name is: a duration, rate, size, percent or plain number."""
    return _KINDS.get(path.partition(".")[0], "number")


def unit_of(column: str) -> tuple[str, float]:
    """(kind, factor to the base unit) of the numbers in a column of this name."""
    return _UNITS.get(column.rpartition("_")[2], (kind_of(column), 1.0))


def read_column(text: str, wanted: str) -> Column:
    """The column *wanted*, with or without its unit, of a CSV text; raises UnknownName."""
    rows = csv.reader(text.splitlines())
    header = next(rows, [])
    for index, name in enumerate(header):
        if wanted in (name, base_name(name)):
            kind, factor = unit_of(name)
            return Column(base_name(name), kind, _numbers(rows, index, factor))
    known = [base_name(name) for name in header]
    raise UnknownName(
        f"no column '{wanted}'; columns are {', '.join(known)}{did_you_mean(wanted, known)}"
        if known
        else f"no column '{wanted}': nothing has been recorded yet"
    )


def _numbers(rows: Iterator[list[str]], index: int, factor: float) -> tuple[float, ...]:
    found: list[float] = []
    for row in rows:
        # a reply that never came is an empty cell
        try:
            value = float(row[index])
        except (IndexError, ValueError):
            continue
        if math.isfinite(value):
            found.append(value * factor)
    return tuple(found)


def is_statistic(name: str) -> bool:
    """Whether *name* is avg, min, p95, count, ..."""
    return name in STATISTICS or name == "count" or _PERCENTILE.fullmatch(name) is not None


def statistic(name: str, values: Sequence[float]) -> float:
    """One number from many. Raises UnknownName for another name, BadValue when there is none."""
    if name == "count":
        return float(len(values))
    percentile = _PERCENTILE.fullmatch(name)
    if percentile is None and name not in STATISTICS:
        known = [*STATISTICS, "count", "p95"]
        raise UnknownName(
            f"'{name}' is not a statistic; write one of {', '.join(known)}"
            f"{did_you_mean(name, known)}"
        )
    if not values:
        raise BadValue(f"no {name}: no number has been recorded yet")
    if percentile is not None:
        # nearest rank: an observed value, also for few of them
        rank = max(1, math.ceil(int(percentile[1]) / 100 * len(values)))
        return sorted(values)[rank - 1]
    return STATISTICS[name](values)
