"""Numbers over time as a chart in text: braille dots, or stars where there are no glyphs.

What happened meanwhile is marked below, percentiles are lines across. Pure: numbers in, text out.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nepishell.output.cells import cut, width, wrapped
from nepishell.output.gantt import ticks
from nepishell.output.kinds import clean
from nepishell.output.style import Style

#: Rows of a chart, and cells where nobody says how wide it may be.
HIGH, WIDE = 14, 100
#: What is marked in a chart, by letters, at most.
MOST_EVENTS = 26
#: Cells from which on lines across have their names beside them.
_ROOMY = 40
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
#: Of a braille cell, by row and column of the dot.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """*points*: (seconds of the run, number), in order. *events*: (seconds, what happened).
    *show* writes a number with its unit; *lines*: (name, number) across, as ('p95', 0.05).
    *by*: how their times are known: '' they came with them, 'interval' they were to come every so
    often, 'row' they are not known and the numbers are counted.
    """

    name: str
    points: Sequence[tuple[float, float]]
    show: Callable[[float], str]
    lines: Sequence[tuple[str, float]] = ()
    events: Sequence[tuple[float, str]] = ()
    by: str = ""

    def reach(self) -> tuple[float, float, float, float]:
        """First and last time, least and largest number; a little apart where they are the same."""
        begin, end = self.points[0][0], self.points[-1][0]
        low, high = min(v for _, v in self.points), max(v for _, v in self.points)
        room = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
        floor = 0.0 if 0 <= low < room * 6 else low - room
        return begin, max(end, begin + 0.001), floor, high + room

    def summary(self) -> str:
        """How many numbers, and the least, the usual and the largest."""
        told = [f"{len(self.points)} values", f"min {self.show(min(v for _, v in self.points))}"]
        told += [f"{name} {self.show(value)}" for name, value in self.lines]
        told.append(f"max {self.show(max(v for _, v in self.points))}")
        told += ["times by number and interval"] if self.by == "interval" else []
        return ", ".join(told)

    @property
    def timed(self) -> bool:
        """Whether the first of a point is seconds."""
        return self.by != "row"


def steps(low: float, high: float, most: int) -> list[float]:
    """At most *most* round numbers between *low* and *high*."""
    least = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * part for part in (1, 2, 5, 10) if power * part >= least * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]


def draw(series: Series, style: Style) -> str:
    """The chart in at most style.width cells."""
    whole = style.width or WIDE
    head = wrapped(f"{series.name}: {series.summary()}", "", style)
    begin, end, low, high = series.reach()
    marks = steps(low, high, 5)
    margin = min(12, max([width(series.show(each)) for each in marks], default=0))
    named = series.lines if whole >= _ROOMY else ()
    right = max([len(f" {name}") for name, _ in named], default=0)
    cells = max(10, whole - margin - 2 - right)
    sheet = _sheet(series, cells, glyphs=style.glyphs)
    labels = {_row(each, low, high): series.show(each) for each in marks}
    lines = {_row(value, low, high): name for name, value in reversed(named)}
    rows = [head]
    for row, drawn in enumerate(sheet):
        name = lines.get(row, "")
        text = _crossed(drawn, style) if name else style.paint(drawn, "STARTED")
        axis = "┤" if row in labels else "│"
        axis = axis if style.glyphs else "|"
        label = cut(labels.get(row, ""), margin).rjust(margin)
        lead = style.paint(f"{label} {axis}", "dim")
        rows.append(f"{lead}{text}{style.paint(f' {name}', 'dim') if name else ''}".rstrip())
    rows += _axis(series, begin, end, cells, margin, style)
    return "\n".join([*rows, *_events(series, style)])


def _row(value: float, low: float, high: float) -> int:
    return min(HIGH - 1, max(0, int((high - value) / (high - low) * HIGH)))


def _sheet(series: Series, cells: int, *, glyphs: bool) -> list[str]:
    """The rows of the drawing, each *cells* wide."""
    across, down = (2, 4) if glyphs else (1, 1)
    begin, end, low, high = series.reach()
    x_scale, y_scale = (cells * across - 1) / (end - begin), (HIGH * down - 1) / (high - low)
    dots: set[tuple[int, int]] = set()
    last: tuple[int, int] | None = None
    for at, value in series.points:
        here = round((at - begin) * x_scale), round((high - value) * y_scale)
        dots.update(_between(last, here) if glyphs else [here])
        last = here
    if not glyphs:
        return ["".join("*" if (x, y) in dots else " " for x in range(cells)) for y in range(HIGH)]
    found = [[0] * cells for _ in range(HIGH)]
    for x, y in dots:
        found[y // 4][x // 2] |= _DOTS[y % 4][x % 2]
    return ["".join(chr(0x2800 + bits) if bits else " " for bits in row) for row in found]


def _between(one: tuple[int, int] | None, two: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The dots of a line from after *one* to *two*."""
    if one is None:
        yield two
        return
    dx, dy = two[0] - one[0], two[1] - one[1]
    count = max(abs(dx), abs(dy), 1)
    for step in range(1, count + 1):
        yield one[0] + round(dx * step / count), one[1] + round(dy * step / count)


def _crossed(drawn: str, style: Style) -> str:
    """A row with a line across behind what is drawn."""
    line = "╌" if style.glyphs else "-"
    parts, begin = [], 0
    for at in range(1, len(drawn) + 1):
        if at < len(drawn) and (drawn[at] == " ") == (drawn[begin] == " "):
            continue
        part = drawn[begin:at]
        is_empty = part[0] == " "
        parts.append(style.paint(line * len(part) if is_empty else part,
                                 "dim" if is_empty else "STARTED"))  # fmt: skip
        begin = at
    return "".join(parts)


def _axis(
    series: Series, begin: float, end: float, cells: int, margin: int, style: Style
) -> Iterator[str]:
    labels, marks = [" "] * cells, ["─" if style.glyphs else "-"] * cells
    free = 0
    shown = ticks(begin, end, cells)
    if not series.timed:
        each = ((at - begin) / (end - begin) * (cells - 1) for at in steps(begin, end, 8))
        numbers = [f"{at:g}" for at in steps(begin, end, 8)]
        shown = [(round(cell), text) for cell, text in zip(each, numbers, strict=True)]
    for cell, label in shown:
        first = min(cell, cells - len(label))
        if first >= free:
            labels[first : first + len(label)] = label
            free = first + len(label) + 1
    taken = -1
    for (at, _), letter in zip(_marked(series), _LETTERS, strict=False):
        taken = max(taken + 1, round((at - begin) / (end - begin) * (cells - 1)))
        if taken < cells:
            marks[taken] = letter
    corner = "└" if style.glyphs else "+"
    yield style.paint(f"{' ' * margin} {corner}{''.join(marks)}", "dim")
    yield style.paint(f"{' ' * (margin + 2)}{''.join(labels).rstrip()}", "dim")


def _marked(series: Series) -> list[tuple[float, str]]:
    """The events within the chart."""
    begin, end, _, _ = series.reach()
    return [event for event in series.events if begin <= event[0] <= end]


def _events(series: Series, style: Style) -> Iterator[str]:
    found = _marked(series)
    for (at, text), letter in zip(found, _LETTERS, strict=False):
        line = f"{letter}  {at:.3f}s  {clean(text)}"
        yield cut(line, style.width) if style.width else line
    if len(found) > MOST_EVENTS:
        yield style.paint(f"and {len(found) - MOST_EVENTS} events more", "dim")
