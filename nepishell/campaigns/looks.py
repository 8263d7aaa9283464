"""What is asked of a campaign: status, compare, plot, export. Nothing here changes its runs."""

import argparse
import importlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TextIO

from nepishell.campaigns.axes import written
from nepishell.campaigns.charts import Chart, Dot, Series, draw, svg
from nepishell.campaigns.manifest import ENDS, LEASED, TODO, Manifest
from nepishell.campaigns.numbers import kind_of_metric
from nepishell.campaigns.results import PointResult, Results, mean_text
from nepishell.commands.bounds import show_number
from nepishell.commands.notes import Shown
from nepishell.commands.writing import form_of, write
from nepishell.core.errors import BadValue, NepishellError, UnknownName, did_you_mean
from nepishell.core.intervals import difference, mean_interval
from nepishell.lang.quantities import parse_quantity
from nepishell.output.records import Column, Drawing, Records
from nepishell.output.render import render
from nepishell.output.style import style_for

#: what shows a run of the past, imported only for that
_OPEN = "nepishell.batch.opening:open_main"
#: Metrics that a table for people shows when nobody names one.
_SHOWN = 3


def look_status(manifest: Manifest, given: argparse.Namespace, out: TextIO) -> int:
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
            out.write(f"{run.key} {written(run.parameters)} #{run.repetition} {row['verdict']}: "
                      f"{row.get('reason', '')}\n")  # fmt: skip
    return 0


def look_open(manifest: Manifest, given: argparse.Namespace, out: TextIO) -> int:
    """One run as it was, at a prompt or with commands; raises UnknownName."""
    results = Results(manifest)
    found = [key for key in results.states if key.startswith(given.key)]
    if len(found) != 1:
        told = f"{len(found)} runs begin with it" if found else "'export -' lists the keys"
        raise UnknownName(f"no run '{given.key}' in {manifest.folder}: {told}")
    row = results.rows.get(found[0], {})
    if not row.get("run") or not row.get("files"):
        raise NepishellError(f"run {found[0]} has nothing to look at: {row.get('reason', 'todo')}")
    # where the run kept its journal is where it is looked for
    os.environ["XDG_STATE_HOME"] = str((manifest.folder / str(row["files"])).absolute())
    module, _, name = _OPEN.partition(":")
    open_run: Callable[[list[str]], int] = getattr(importlib.import_module(module), name)
    return open_run([str(row["run"]), *(["-c", given.lines] if given.lines is not None else [])])


# -- compare ---------------------------------------------------------------------------------------


def look_compare(manifest: Manifest, given: argparse.Namespace, out: TextIO) -> int:
    """Each point with the first one, or with the same point of another campaign."""
    results = Results(manifest)
    other = Results(Manifest(Path(given.other))) if given.other else None
    metrics = _metrics(results, given.metric)
    rows = [row for metric in metrics for row in _compared(results, other, metric)]
    base = f"in {given.other}" if other else written(results.points()[0].parameters)
    columns = ["metric", "point", "mean", base, "difference", "verdict"]
    if given.json:
        # names that do not depend on what was varied
        columns[3:4] = ["base", "base_mean"]
        rows = [(*row[:3], base, *row[3:]) for row in rows]
    records = Records([*map(Column, columns)], rows, "points to compare")
    out.write(render(records, "json" if given.json else "table", style_for(out)) + "\n")
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
        return text, "not sure"
    return text, "greater" if found.mean > 0 else "less"


# -- plot ------------------------------------------------------------------------------------------


def look_plot(manifest: Manifest, given: argparse.Namespace, out: TextIO) -> int:
    """A chart for a metric, or for all that the recipe expects; on the screen or as a picture."""
    results = Results(manifest)
    metrics = _metrics(results, given.metric)
    for metric in metrics:
        drawing = drawing_of(results, metric, given.by)
        if given.to is None:
            out.write(drawing.draw(style_for(out)) + "\n\n")
            continue
        path = Path(given.to)
        if len(metrics) > 1:
            path = path.with_stem(f"{path.stem}-{metric}")
        _write(path, drawing, out)
    return 0


def _metrics(results: Results, named: str | None) -> list[str]:
    """The one that was named, or those that are looked at first; raises NepishellError."""
    found = [results.metric(named)] if named else results.metrics[:_SHOWN]
    if not found:
        raise NepishellError("no run has given a number yet; see 'nepishell campaign status'")
    return found


def drawing_of(results: Results, metric: str, by: str | None = None) -> Drawing:
    """The chart of a metric, in text and as SVG."""
    chart = chart_of(results, metric, by)
    return Drawing(results.per_point([metric]), partial(draw, chart), partial(svg, chart))


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


def look_export(manifest: Manifest, given: argparse.Namespace, out: TextIO) -> int:
    """The table as CSV, JSON or Parquet."""
    results = Results(manifest)
    records = results.per_point() if given.points else results.per_run()
    if given.file == "-":
        out.write(render(records, "csv") + "\n")
    else:
        _write(Path(given.file), records, out)
    return 0


def _write(path: Path, result: Records | Drawing, out: TextIO) -> None:
    if not form_of(path.name, result):
        forms = "svg, .png or .pdf" if isinstance(result, Drawing) else "csv, .json or .parquet"
        raise NepishellError(f"'{path}': its name must end in .{forms}")
    write(path, Shown(result))
    out.write(f"wrote {path}\n")
