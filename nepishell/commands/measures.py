"""Numbers from what a resource recorded: a trace in CSV, a column of it, one statistic.

`rtt.avg` is the mean of column `rtt` of trace `rtt`; `flow.rate.p95` names the column too. The
unit is in the column's name: `rtt_ms`, `rate_bps`, `loss_percent`, `queue_bytes`.
"""

import csv
import math
import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nepishell.core.attributes import Types
from nepishell.core.errors import BadValue, UnknownName, did_you_mean

_UNITS: dict[str, tuple[Types, float]] = {
    "s": (Types.Duration, 1.0),
    "ms": (Types.Duration, 1e-3),
    "us": (Types.Duration, 1e-6),
    "bps": (Types.Rate, 1.0),
    "kbps": (Types.Rate, 1e3),
    "mbps": (Types.Rate, 1e6),
    "percent": (Types.Percent, 1.0),
    "bytes": (Types.Size, 1.0),
}
_PERCENTILE = re.compile(r"p(\d{1,2})")

STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "avg": statistics.fmean,
    "mean": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "max": max,
    "sum": math.fsum,
    "stddev": statistics.pstdev,
    "first": lambda values: values[0],
    "last": lambda values: values[-1],
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a CSV trace in base units; cells without a number are left out."""

    name: str
    kind: Types
    values: tuple[float, ...]


def base_name(header: str) -> str:
    """The name of a column without its unit: rtt_ms -> rtt."""
    stem, _, unit = header.rpartition("_")
    return stem if stem and unit in _UNITS else header


def read_column(text: str, wanted: str) -> Column:
    """The column *wanted*, with or without its unit, of a CSV text; raises UnknownName."""
    rows = csv.reader(text.splitlines())
    header = next(rows, [])
    for index, name in enumerate(header):
        if wanted in (name, base_name(name)):
            kind, factor = _UNITS.get(name.rpartition("_")[2], (Types.Double, 1.0))
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
