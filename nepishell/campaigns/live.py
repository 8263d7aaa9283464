"""A campaign while it runs: a table that is painted over on a terminal, plain lines elsewhere."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TextIO

from nepishell.campaigns.axes import written
from nepishell.campaigns.carrying import Row
from nepishell.campaigns.manifest import ENDS, FAILED, LOST, SUSPECT, Planned
from nepishell.campaigns.numbers import kind_of_metric
from nepishell.campaigns.results import PointResult, mean_text
from nepishell.commands.bounds import show_number
from nepishell.core.units import format_duration
from nepishell.output.cells import cut
from nepishell.output.kinds import clean
from nepishell.output.records import Column, Records
from nepishell.output.render import render
from nepishell.output.style import Style, style_for

#: Cells of the bar, and lines of the terminal that are left alone.
_BAR, _MARGIN = 24, 4
#: Metrics that fit beside the counts.
_METRICS = 2


class Live:
    """Watches a campaign. All calls come from one thread."""

    def __init__(
        self, name: str, out: TextIO, *, metrics: Iterable[str] = (), plain: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._name = name
        self._out = out
        self._metrics = list(metrics)
        #: whether they are those that are wanted, not just what there is
        self._is_told = bool(self._metrics)
        self._style = style_for(out, plain=plain)
        dumb = os.environ.get("TERM", "") in ("", "dumb")
        self._paints = out.isatty() and not plain and not dumb
        self._clock = clock
        self._points: dict[int, PointResult] = {}
        self._states: Counter[str] = Counter()
        self._running: set[str] = set()
        self._lasted: list[float] = []
        self._slots, self._began = 1, clock()
        self._total, self._painted = 0, 0

    # -- what happens ---------------------------------------------------------------------------

    def begins(self, states: Mapping[str, str], runs: Iterable[Planned], slots: int) -> None:
        """What is there already, and what is to be done."""
        self._slots, self._began = max(1, slots), self._clock()
        for run in runs:
            self._total += 1
            point = self._points.setdefault(run.point, PointResult(run.parameters))
            point.states[states[run.key]] += 1
            if states[run.key] in ENDS:
                self._states[states[run.key]] += 1
        over = self._states.total()
        if over:
            self.say(f"{over} of {self._total} runs are there already")
        self._paint()

    def recalled(self, run: Planned, row: Row) -> None:
        """A run of the past and its numbers."""
        self._points[run.point].take(row)
        self._note_metrics(row)

    def planned(self, run: Planned) -> None:
        """One more run is to be done."""
        self._total += 1
        self._points[run.point].states["todo"] += 1

    def started(self, run: Planned) -> None:
        """A run was handed to the engine."""
        self._running.add(run.key)
        self._paint()

    def ended(self, run: Planned, row: Row, end: str) -> None:
        """A run is over; *end*: '' when it is begun once more."""
        self._running.discard(run.key)
        if end:
            point = self._points[run.point]
            point.states["todo"] -= 1
            point.states[end] += 1
            self._states[end] += 1
            if row.get("lasted"):
                self._lasted.append(float(row["lasted"]))
            self.recalled(run, row)
        if not self._paints or not end or end in (FAILED, LOST):
            self.say(self._line(run, row, end))
        self._paint()

    def say(self, text: str) -> None:
        """A line for people, above the table."""
        self._wipe()
        self._out.write(f"{clean(text, lines=True)}\n")
        self._out.flush()
        self._paint()

    def close(self) -> None:
        """Leave the table as it is."""
        self._painted = 0

    # -- how it looks ---------------------------------------------------------------------------

    def _note_metrics(self, row: Row) -> None:
        if self._is_told:
            return
        # a run that fails early expects nothing; until one does, what has a unit tells most
        expected = list(row.get("expected") or ())
        others = sorted(row.get("metrics") or (), key=lambda name: kind_of_metric(name) == "number")
        self._is_told = bool(expected)
        self._metrics = (expected or self._metrics or others)[:_METRICS]

    def _line(self, run: Planned, row: Row, end: str) -> str:
        over = self._states.total()
        what = f"{written(run.parameters)} #{run.repetition}"
        verdict = str(row["verdict"]) + (f": {row['reason']}" if row.get("reason") else "")
        more = "" if end else "; begun again"
        return f"{over}/{self._total} {what}: {verdict}{more}{self._numbers(row)}"

    def _numbers(self, row: Row) -> str:
        found = row.get("metrics", {})
        told = [f"{name} {show_number(found[name], kind_of_metric(name))}"
                for name in self._metrics if name in found]  # fmt: skip
        return f" ({', '.join(told)})" if told else ""

    def _paint(self) -> None:
        if not self._paints:
            return
        self._wipe()
        size = shutil.get_terminal_size()
        style = Style(self._style.colour, self._style.glyphs, size.columns - 1, self._style.colours)
        lines = [cut(self.summary(), size.columns - 1, "…"), *self._table(style, size.lines)]
        self._out.write("\n".join(lines) + "\n")
        self._out.flush()
        self._painted = len(lines)

    def _wipe(self) -> None:
        if self._painted:
            self._out.write(f"\x1b[{self._painted}F\x1b[J")
            self._painted = 0

    def _table(self, style: Style, high: int) -> list[str]:
        points = list(self._points.values())
        room = max(1, high - _MARGIN - 1)
        # of many points those that are being worked on
        open_ones = [point for point in points if point.states["todo"]] or points
        shown = points if len(points) <= room else open_ones[:room]
        text = render(self._records(shown), "table", style).split("\n")
        more = len(points) - len(shown)
        return text + ([style.paint(f"and {more} points more", "dim")] if more else [])

    def _records(self, shown: Iterable[PointResult]) -> Records:
        names = list(dict.fromkeys(n for point in self._points.values() for n in point.parameters))
        columns = [*map(Column, names), Column("runs"), Column("not ok"),
                   *map(Column, self._metrics)]  # fmt: skip
        return Records(columns, [self._row(point, names) for point in shown], "points")

    def _row(self, point: PointResult, names: Iterable[str]) -> tuple[object, ...]:
        return (
            *(point.parameters.get(name, "") for name in names),
            f"{point.over}/{point.states.total()}",
            point.trouble(),
            *(mean_text(point.values.get(name, ()), name) for name in self._metrics),
        )

    def summary(self) -> str:
        """One line: how far it is, and how long it takes still."""
        over = self._states.total()
        full = _BAR * over // max(1, self._total)
        bar = ("█" * full + "░" * (_BAR - full)) if self._style.glyphs else (
            "#" * full + "." * (_BAR - full)
        )  # fmt: skip
        bad = [f"{self._states[end]} {end}" for end in (FAILED, SUSPECT, LOST) if self._states[end]]
        parts = [f"{over} of {self._total} runs", f"{len(self._running)} running", *bad]
        left = self.estimate()
        if left is not None:
            parts.append(f"about {format_duration(round(left))} to go")
        return f"{self._name} {bar} {', '.join(parts)}"

    def estimate(self) -> float | None:
        """Seconds until all that is planned is done; None while no run has ended."""
        left = self._total - self._states.total()
        if not self._lasted or not left:
            return None
        mean = sum(self._lasted) / len(self._lasted)
        # what runs is half done, as far as anybody knows
        return mean * max(left - len(self._running) / 2, 0.5) / min(self._slots, left)
