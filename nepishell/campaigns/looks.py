"""What is asked of a campaign: status, compare, plot, export. Nothing here changes its runs."""

import argparse
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from nepishell.campaigns.axes import written
from nepishell.campaigns.charts import Chart, Dot, Series, draw, svg
from nepishell.campaigns.manifest import ENDS, LEASED, TODO, Manifest
from nepishell.campaigns.numbers import kind_of_metric
from nepishell.campaigns.results import PointResult, Results, mean_text
from nepishell.commands.bounds import show_number
from nepishell.core.errors import BadValue, NepishellError, UnknownName, did_you_mean
from nepishell.core.intervals import difference, mean_interval
from nepishell.lang.quantities import parse_quantity
from nepishell.output.records import Column, Records
from nepishell.output.render import render
from nepishell.output.style import style_for

#: Metrics that a table for people shows when nobody names one.
_SHOWN = 3
_PARQUET = "nepishell.formats.tabular:parquet"


def status(manifest: Manifest, given: argparse.Namespace, out: TextIO) -> int:
    """How many runs are in which state, and each point with its numbers."""
    results = Results(manifest)
    states = results.count()
    if given.json:
        points = json.loads(render(results.per_point(), "json"))
        out.write(json.dumps({"campaign": str(manifest.folder), "states": states,
                              "points": points}) + "\n")  # fmt: skip
        return 0
    told = ", ".join(f"{states[name]} {name}" for name in (*ENDS, LEASED, TODO) if name in states)
    out.write(f"{manifest.folder}: {sum(states.values())} runs: {told or 'none'}\n")
    metrics = results.metrics[:_SHOWN]
    columns = [*map(Column, results.parameters), Column("runs"), Column("not ok"),
               *map(Column, metrics)]  # fmt: skip
    rows = [
        (*(point.parameters.get(name) for name in results.parameters),
         f"{point.over}/{point.states.total()}", point.trouble(),
         *(mean_text(point.values.get(name, ()), name) for name in metrics))
        for point in results.points()
    ]  # fmt: skip
    out.write(render(Records(columns, rows, "points"), "table", style_for(out)) + "\n")
    more = len(results.metrics) - len(metrics)
    if more > 0:
        out.write(f"and {more} metrics more: nepishell campaign export - --points\n")
    for run in results.runs:
        row = results.rows.get(run.key, {})
        if row.get("verdict", "ok") != "ok":
            out.write(f"{written(run.parameters)} #{run.repetition} {row['verdict']}: "
                      f"{row.get('reason', '')}\n")  # fmt: skip
    return 0


# -- compare ---------------------------------------------------------------------------------------


def compare(manifest: Manifest, given: argparse.Namespace, out: TextIO) -> int:
    """Each point with the first one, or with the same point of another campaign."""
    results = Results(manifest)
    other = Results(Manifest(Path(given.other))) if given.other else None
    metrics = [results.metric(given.metric)] if given.metric else results.metrics[:_SHOWN]
    if not metrics:
        raise NepishellError("no run has given a number yet; see 'nepishell campaign status'")
    rows = [row for metric in metrics for row in _compared(results, other, metric)]
    columns = ["metric", "point", "mean", "compared with", "its mean", "difference", "verdict"]
    records = Records([*map(Column, columns)], rows, "points to compare")
    form = "json" if given.json else "table"
    out.write(render(records, form, style_for(out)) + "\n")
    return 0


def _compared(results: Results, other: Results | None, metric: str) -> Iterable[tuple[str, ...]]:
    points = results.points()
    if other is None:
        pairs = [(point, points[0]) for point in points[1:]]
    else:
        theirs = {written(point.parameters): point for point in other.points()}
        pairs = [(point, theirs[name]) for point in points
                 if (name := written(point.parameters)) in theirs]  # fmt: skip
    for point, base in pairs:
        yield (metric, written(point.parameters), mean_text(point.values.get(metric, ()), metric),
               "the same there" if other else written(base.parameters),
               mean_text(base.values.get(metric, ()), metric),
               *_difference(base, point, metric))  # fmt: skip


def _difference(base: PointResult, point: PointResult, metric: str) -> tuple[str, str]:
    a, b = base.values.get(metric, []), point.values.get(metric, [])
    if not a or not b:
        return "", "no numbers"
    found, kind = difference(a, b), kind_of_metric(metric)
    sign = "+" if found.mean >= 0 else "-"
    text = f"{sign}{show_number(abs(found.mean), kind)}"
    if min(len(a), len(b)) < 2:
        return text, "too few runs to say"
    text += f" ±{show_number(float(f'{found.half_width:.2g}'), kind)}"
    if found.low <= 0 <= found.high:
        return text, "no difference that is sure"
    return text, "greater" if found.mean > 0 else "less"


# -- plot ------------------------------------------------------------------------------------------


def plot(manifest: Manifest, given: argparse.Namespace, out: TextIO) -> int:
    """A chart for a metric, or for all that the recipe expects; on the screen or as a picture."""
    results = Results(manifest)
    metrics = [results.metric(given.metric)] if given.metric else results.metrics[:_SHOWN]
    if not metrics:
        raise NepishellError("no run has given a number yet; see 'nepishell campaign status'")
    for metric in metrics:
        chart = chart_of(results, metric, given.by)
        if given.svg is None:
            out.write(draw(chart, style_for(out)) + "\n\n")
            continue
        path = Path(given.svg)
        if len(metrics) > 1:
            path = path.with_stem(f"{path.stem}-{metric}")
        _write(path, svg(chart).encode())
        out.write(f"wrote {path}\n")
    return 0


def chart_of(results: Results, metric: str, by: str | None = None) -> Chart:
    """*metric* over the parameter *by* (default: the one with the most values)."""
    names = results.parameters
    if by is not None and by not in names:
        hint = did_you_mean(by, names) or f"; there are {', '.join(names)}"
        raise UnknownName(f"no parameter '{by}' is varied{hint}")
    points = results.points()
    values = {name: list(dict.fromkeys(point.parameters[name] for point in points))
              for name in names}  # fmt: skip
    axis = by or max(names, key=lambda name: len(values[name]), default="")
    places = _places(values.get(axis, [""]))
    lines: dict[str, list[Dot]] = {}
    for point in points:
        rest = {name: value for name, value in point.parameters.items() if name != axis}
        samples = point.values.get(metric)
        if samples:
            found = mean_interval(samples)
            low, high = (found.low, found.high) if found.n > 1 else (found.mean, found.mean)
            dot = Dot(places[point.parameters.get(axis, "")], found.mean, low, high)
            lines.setdefault(written(rest) if rest else "", []).append(dot)
    kind = kind_of_metric(metric)
    return Chart(
        f"{metric}, mean and 95% interval", axis or "the recipe as it is",
        sorted((place, text) for text, place in places.items()),
        [Series(name, sorted(dots)) for name, dots in lines.items()],
        lambda value: show_number(value, kind),
    )  # fmt: skip


def _places(values: Iterable[str]) -> Mapping[str, float]:
    """Where each value stands on the axis: its number, or one after the other where it has none."""
    texts = list(values)
    try:
        found = [parse_quantity(text) for text in texts]
    except BadValue:
        found = []
    if len({kind for _, kind in found}) == 1:
        return {text: number for text, (number, _) in zip(texts, found, strict=True)}
    return {text: float(place) for place, text in enumerate(texts)}


# -- export ----------------------------------------------------------------------------------------


def export(manifest: Manifest, given: argparse.Namespace, out: TextIO) -> int:
    """The table as CSV or Parquet."""
    results = Results(manifest)
    records = results.per_point() if given.points else results.per_run()
    if given.file == "-":
        out.write(render(records, "csv") + "\n")
        return 0
    path = Path(given.file)
    match path.suffix:
        case ".csv":
            _write(path, (render(records, "csv") + "\n").encode())
        case ".parquet":
            _write(path, _as_parquet(records))
        case _:
            raise NepishellError(f"'{path}': a table is written as .csv or .parquet")
    out.write(f"wrote {path}: {len(records.rows)} rows, {len(records.columns)} columns\n")
    return 0


def _as_parquet(records: Records) -> bytes:
    raise NepishellError("a Parquet file is not written yet")


def _write(path: Path, data: bytes) -> None:
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        made.write_bytes(data)
        made.rename(path)
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be written: {why}") from None
