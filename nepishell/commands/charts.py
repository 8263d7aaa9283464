"""Charts: a column of numbers that a resource recorded, over time, with what happened meanwhile."""

import csv
import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nepishell.commands.bounds import show_number
from nepishell.commands.context import Context
from nepishell.commands.measures import base_name, is_statistic, statistic, unit_of
from nepishell.commands.notes import Note
from nepishell.commands.traces import read_trace
from nepishell.commands.writing import save
from nepishell.core.errors import BadValue, UnknownName, did_you_mean
from nepishell.core.states import ResourceState
from nepishell.engine.resource import ResourceManager
from nepishell.formats.optional import load
from nepishell.journal.keeping import FILE
from nepishell.journal.reading import read
from nepishell.lang.registry import LOOK, command
from nepishell.lang.types.resources import Metric
from nepishell.output.chart import Series, draw
from nepishell.output.records import Drawing, Records

_SVG = "nepishell.formats.curve:svg"
_ACROSS = ("median", "p95", "p99")
#: Where rows say when they were: seconds since 1970.
_TIME = "time"
_LONG_AGO = 1e8


class Numbers(NamedTuple):
    """*points*: (moment, number) in order; *by*: what tells the moment, a time, seq or the row."""

    kind: str
    by: str
    points: list[tuple[float, float]]


@command("plot <what:series> [save <file:path(.svg,.png,.pdf)>]", effects=LOOK, group="look",
         name="plot numbers")  # fmt: skip
def plot_numbers(ctx: Context, *, what: Metric, file: str = "") -> Drawing | Note:
    """Numbers that a resource recorded as a chart: a trace, or one of its columns.

    Percentiles are lines across, and what was done meanwhile is marked. `save`, or `>`, writes a
    picture; `> rtt.csv` and `> rtt.parquet` the numbers.

    plot probe.rtt
    plot probe.rtt.ttl
    plot probe.rtt save rtt.pdf
    """
    drawing = chart(ctx, what)
    return save(file, drawing) if file else drawing


def chart(ctx: Context, what: Metric) -> Drawing:
    """The numbers of a trace over time; raises NepishellError where there are none."""
    rm = ctx.rm(what.guid)
    trace, column = named(what.path)
    name = f"{ctx.name(what.guid)}.{trace}"
    read_as = numbers_of(read_trace(ctx, what.guid, trace), column or trace)
    if not read_as.points:
        raise BadValue(f"{name} has no numbers to draw: {rm.name} is {rm.state.name}")
    points, by = _on_our_clock(ctx, rm, read_as)
    values = [value for _, value in points]
    series = Series(
        name=f"{name}.{column}" if column and column != trace else name,
        points=points,
        show=partial(show_number, kind=read_as.kind),
        lines=[(each, statistic(each, values)) for each in _ACROSS],
        events=list(_events(ctx)) if by != "row" else (),
        by=by,
    )
    declared = column or trace
    declared += f":{read_as.kind}" if read_as.kind != "number" else ""
    columns = ("number" if by == "row" else "time:duration", declared)
    return Drawing(
        Records(columns, points, "numbers"),
        lambda style: draw(series, style),
        lambda: str(load(_SVG)(series)),
    )


def _on_our_clock(
    ctx: Context, rm: ResourceManager, found: Numbers
) -> tuple[list[tuple[float, float]], str]:
    """The points in seconds of the run, and how it is known; '' where rows say their times."""
    if found.by == "time":
        began = ctx.ec.clock.date(0.0).timestamp()
        return [(at - began if at > _LONG_AGO else at, value) for at, value in found.points], ""
    start = rm.stamp(ResourceState.STARTED)
    if found.by != "seq" or start is None or "interval" not in rm._attributes:
        return found.points, found.by if found.by != "seq" else "row"
    # what sends one after the other tells at least when it was to send each
    interval = rm.get("interval") or 1.0
    first = (start - ctx.ec.clock.date(0.0)).total_seconds()
    return [(first + (n - 1) * interval, value) for n, value in found.points], "interval"


def named(path: str) -> tuple[str, str]:
    """(trace, column) of `rtt`, `rtt.ttl`, `rtt.p95`; a statistic is of all of them anyway."""
    trace, _, column = path.partition(".")
    first, _, last = column.rpartition(".")
    return trace, first if is_statistic(last) else column


def numbers_of(text: str, wanted: str) -> Numbers:
    """The column *wanted* of a CSV text; raises UnknownName for one there is not."""
    rows = csv.reader(text.splitlines())
    header = next(rows, [])
    names = [base_name(each) for each in header]
    at = next((n for n, each in enumerate(header) if wanted in (each, names[n])), None)
    if at is None and header:
        known = [each for each in names if each != _TIME]
        raise UnknownName(
            f"no column '{wanted}'; columns are {', '.join(known)}{did_you_mean(wanted, known)}"
        )
    if at is None:
        return Numbers("number", "row", [])
    kind, factor = unit_of(header[at])
    cells = list(rows)
    for by in (_TIME, "seq"):
        if by in header and (points := list(_points(cells, at, header.index(by), factor))):
            # flows that are recorded side by side come in turns
            return Numbers(kind, by, sorted(points, key=lambda point: point[0]))
    return Numbers(kind, "row", list(_points(cells, at, None, factor)))


def _points(
    rows: list[list[str]], at: int, when: int | None, factor: float
) -> Iterator[tuple[float, float]]:
    for number, row in enumerate(rows, 1):
        # a reply that never came is an empty cell
        try:
            value = float(row[at]) * factor
            moment = float(number) if when is None else float(row[when])
        except (IndexError, ValueError):
            continue
        if math.isfinite(value) and math.isfinite(moment):
            yield moment, value


def _events(ctx: Context) -> Iterator[tuple[float, str]]:
    """What was commanded, where a journal tells it; else the moments that have names."""
    path = _journal(ctx)
    if path is None:
        yield from ctx.ec.marks
        return
    for record in read(path):
        if record.kind == "command" and record.data.get("does") not in (None, "", "look"):
            yield record.at, str(record.data.get("line", ""))


def _journal(ctx: Context) -> Path | None:
    if ctx.opened is not None:
        return ctx.opened.journal
    if ctx.journal is None:
        return None
    ctx.journal.writer.commit()
    return ctx.ec.run_dir / FILE
