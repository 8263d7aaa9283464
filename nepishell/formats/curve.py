"""Numbers over time as SVG: points and a line, percentiles across, what happened meanwhile."""

import math
from collections.abc import Callable, Sequence

from nepishell.core.units import format_duration
from nepishell.formats.sketch import PALE, head, label
from nepishell.output.cells import cut
from nepishell.output.chart import Series, steps
from nepishell.output.gantt import tick_step

_LEFT, _TOP, _WIDE, _HIGH, _RIGHT = 80, 56, 760, 320, 100
_LINE, _ACROSS, _EVENT = "#0072b2", "#d55e00", "#cc79a7"
#: Points that are marked each; of more there is the line alone. Events that are told.
_MARKED, _MOST = 150, 30

_Place = Callable[[float, float], tuple[float, float]]


def svg(series: Series) -> str:
    """The picture, 940 points wide."""
    begin, end, low, high = series.reach()
    x_scale, y_scale = _WIDE / (end - begin), _HIGH / (high - low)

    def place(at: float, value: float) -> tuple[float, float]:
        return _LEFT + (at - begin) * x_scale, _TOP + (high - value) * y_scale

    bottom = _TOP + _HIGH
    events = [event for event in series.events if begin <= event[0] <= end][:_MOST]
    parts = [
        head(_LEFT + _WIDE + _RIGHT, bottom + 44 + 15 * len(events)),
        label(_LEFT, 22, series.name, size=15),
        label(_LEFT, 40, series.summary(), size=11, colour=PALE),
        *_grid(series, begin, end, steps(low, high, 6), place),
    ]
    free = 0.0
    for number, (at, text) in enumerate(events, 1):
        x, _ = place(at, low)
        free = max(free + 12, x)
        parts.append(_path([(x, _TOP), (x, bottom)], _EVENT, "3 3"))
        parts.append(label(free, _TOP - 4, str(number), size=10, colour=_EVENT, anchor="middle"))
        told = f"{number}  {at:.3f}s  {cut(text, 110)}"
        parts.append(label(_LEFT, bottom + 40 + 15 * number - 8, told, size=11))
    points = [place(at, value) for at, value in series.points]
    parts.append(_path(_thinned(points), _LINE))
    if len(points) <= _MARKED:
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{_LINE}"/>' for x, y in points]
    parts += _lines(series, place)
    return "\n".join([*parts, "</svg>"])


def _grid(
    series: Series, begin: float, end: float, marks: Sequence[float], place: _Place
) -> list[str]:
    bottom = _TOP + _HIGH
    parts = [
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_WIDE}" height="{_HIGH}" fill="none"'
        f' stroke="{PALE}"/>'
    ]
    for each in marks:
        _, y = place(begin, each)
        parts.append(_path([(_LEFT, y), (_LEFT + _WIDE, y)], "#dddddd"))
        parts.append(label(_LEFT - 8, y + 4, series.show(each), size=11, anchor="end"))
    if series.timed:
        step = tick_step(end - begin, 10)
        moments = [n * step for n in range(math.ceil(begin / step), math.floor(end / step) + 1)]
        shown = [(at, format_duration(round(at, 9))) for at in moments]
    else:
        shown = [(at, f"{at:g}") for at in steps(begin, end, 10)]
    for at, text in shown:
        x, _ = place(at, marks[0])
        parts.append(_path([(x, bottom), (x, bottom + 5)], PALE))
        parts.append(label(x, bottom + 18, text, size=11, anchor="middle"))
    return parts


def _lines(series: Series, place: _Place) -> list[str]:
    """Percentiles, each with its name at the right, one below the other where they are close."""
    parts, free = [], float(_TOP)
    for name, value in sorted(series.lines, key=lambda line: -line[1]):
        x, y = place(series.points[0][0], value)
        parts.append(_path([(x, y), (_LEFT + _WIDE, y)], _ACROSS, "6 3"))
        free = max(free, y + 4)
        text = f"{name} {series.show(value)}"
        parts.append(label(_LEFT + _WIDE + 6, free, text, size=10, colour=_ACROSS))
        free += 12
    return parts


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Of very many, for each half unit across the first, the least, the largest and the last."""
    if len(points) <= 4 * _WIDE:
        return list(points)
    columns: dict[int, list[tuple[float, float]]] = {}
    for point in points:
        columns.setdefault(int(point[0] * 2), []).append(point)
    found = []
    for column in columns.values():
        ends = (min(column, key=lambda p: p[1]), max(column, key=lambda p: p[1]))
        found += [column[0], *sorted(ends), column[-1]]
    return found


def _path(points: Sequence[tuple[float, float]], colour: str, dashes: str = "") -> str:
    told = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    thick = 1.3 if colour == _LINE else 1
    return f'<path d="M{told}" fill="none" stroke="{colour}" stroke-width="{thick}"{dashed}/>'
