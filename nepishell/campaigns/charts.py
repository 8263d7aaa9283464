"""A metric over a parameter: a line for each combination of the others, intervals as bars.

One drawing for the terminal and one as SVG, of the same series. Pure: numbers in, text out.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from nepishell.output.canvas import Canvas
from nepishell.output.cells import cut, for_svg, width
from nepishell.output.style import Style

#: Cells of a chart where nobody says how wide it may be, and its height.
WIDE, HIGH = 80, 16
MARKS, PLAIN_MARKS = "●▲■◆○△□◇", "ox+*#%@&"
#: Okabe and Ito's colours, which colour-blind people can tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
_W, _H, _LEFT, _RIGHT, _TOP, _BOTTOM = 900, 480, 100, 30, 50, 60


class Dot(NamedTuple):
    """A mean at a place of the axis, and its interval (the mean itself where there is none)."""

    x: float
    mean: float
    low: float
    high: float


class Series(NamedTuple):
    """One line of a chart."""

    name: str
    dots: Sequence[Dot]


class Chart(NamedTuple):
    """*ticks*: places of the axis and what stands there; *show*: writes a value with its unit."""

    title: str
    x_name: str
    ticks: Sequence[tuple[float, str]]
    series: Sequence[Series]
    show: Callable[[float], str]


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = (high - low) * 0.05 or abs(high) * 0.1 or 1.0
    # a mean of durations is not drawn below nothing
    return (max(0.0, low - room) if low >= 0 else low - room), high + room


def steps(low: float, high: float, most: int) -> list[float]:
    """Round numbers between *low* and *high*, at most about *most*."""
    least = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * 0.999999)
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]


def _bounds(chart: Chart) -> tuple[float, float, float, float]:
    dots = [dot for series in chart.series for dot in series.dots]
    xs = [x for x, _ in chart.ticks]
    low, high = _range([value for dot in dots for value in (dot.low, dot.high)])
    return min(xs), max(xs), low, high


def draw(chart: Chart, style: Style) -> str:
    """The chart in at most style.width cells."""
    canvas = Canvas(glyphs=style.glyphs)
    x_low, x_high, low, high = _bounds(chart)
    labels = {_row(value, low, high): chart.show(value) for value in steps(low, high, 4)}
    left = max(width(label) for label in labels.values()) + 1 if labels else 1
    across = max(16, (style.width or WIDE) - left - 2)
    canvas.text(0, 0, cut(chart.title, left + across), "header")
    for row, label in labels.items():
        canvas.text(row, left - 1 - width(label), label, "dim")
    canvas.down(left, 1, HIGH + 1)
    canvas.across(HIGH + 1, left, left + across)

    def column(x: float) -> int:
        share = (x - x_low) / (x_high - x_low) if x_high > x_low else 0.5
        return left + 2 + round(share * (across - 4))

    marks = MARKS if style.glyphs else PLAIN_MARKS
    for number, series in enumerate(chart.series):
        for dot in series.dots:
            _dot(canvas, dot, column(dot.x), low, high, marks[number % len(marks)])
    _ticks(canvas, chart, column, left + across)
    legend = [f"{marks[n % len(marks)]} {series.name}" for n, series in enumerate(chart.series)
              if series.name]  # fmt: skip
    return "\n".join([canvas.draw(style), *legend])


def _row(value: float, low: float, high: float) -> int:
    return 1 + round((high - value) / (high - low) * (HIGH - 1))


def _dot(canvas: Canvas, dot: Dot, column: int, low: float, high: float, mark: str) -> None:
    top, bottom = _row(dot.high, low, high), _row(dot.low, low, high)
    if bottom > top:
        canvas.down(column, top, bottom, "dim")
    canvas.text(_row(dot.mean, low, high), column, mark, "value")


def _ticks(canvas: Canvas, chart: Chart, column: Callable[[float], int], last: int) -> None:
    free = 0
    for x, label in chart.ticks:
        start = min(max(column(x) - width(label) // 2, 0), last - width(label) + 1)
        if start >= free:
            canvas.text(HIGH + 2, start, label, "dim")
            free = start + width(label) + 1
    canvas.text(HIGH + 3, max(0, last - width(chart.x_name) + 1), chart.x_name, "dim")


# -- as a picture --------------------------------------------------------------------------------


def svg(chart: Chart) -> str:
    """The chart as a picture; a tool tip tells the numbers of each dot."""
    x_low, x_high, low, high = _bounds(chart)
    wide, tall = _W - _LEFT - _RIGHT, _H - _TOP - _BOTTOM

    def at_x(x: float) -> float:
        return _LEFT + (0.04 + 0.92 * ((x - x_low) / (x_high - x_low) if x_high > x_low else 0.5)
                        ) * wide  # fmt: skip

    def at_y(y: float) -> float:
        return _TOP + (high - y) / (high - low) * tall

    height = _H + 20 * len(chart.series)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_W} {height}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{_W}" height="{height}" fill="white"/>',
        f'<text x="{_LEFT}" y="28" font-size="16">{for_svg(chart.title)}</text>',
    ]
    for value in steps(low, high, 6):
        y = at_y(value)
        lines.append(f'<path d="M{_LEFT} {y:.1f}H{_W - _RIGHT}" stroke="#ddd"/>')
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">'
                     f"{for_svg(chart.show(value))}</text>")  # fmt: skip
    base = _H - _BOTTOM
    for x, label in chart.ticks:
        lines.append(f'<text x="{at_x(x):.1f}" y="{base + 20}" text-anchor="middle" fill="#555">'
                     f"{for_svg(label)}</text>")  # fmt: skip
    lines.append(f'<text x="{_W - _RIGHT}" y="{base + 42}" text-anchor="end">'
                 f"{for_svg(chart.x_name)}</text>")  # fmt: skip
    lines.append(f'<path d="M{_LEFT} {_TOP}V{base}H{_W - _RIGHT}" stroke="#444" fill="none"/>')
    for number, series in enumerate(chart.series):
        lines += _svg_series(series, COLOURS[number % len(COLOURS)], at_x, at_y, chart.show)
        lines += _svg_legend(series.name, COLOURS[number % len(COLOURS)], _H + 20 * number)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _svg_legend(name: str, colour: str, y: int) -> list[str]:
    if not name:
        return []
    return [f'<circle cx="{_LEFT + 5}" cy="{y}" r="5" fill="{colour}"/>',
            f'<text x="{_LEFT + 18}" y="{y + 5}">{for_svg(name)}</text>']  # fmt: skip


def _svg_series(
    series: Series, colour: str, at_x: Callable[[float], float], at_y: Callable[[float], float],
    show: Callable[[float], str],
) -> list[str]:  # fmt: skip
    points = " ".join(f"{at_x(dot.x):.1f},{at_y(dot.mean):.1f}" for dot in series.dots)
    lines = [f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for dot in series.dots:
        x = at_x(dot.x)
        if dot.high > dot.low:
            top, bottom = at_y(dot.high), at_y(dot.low)
            lines.append(f'<path d="M{x - 4:.1f} {top:.1f}h8m-4 0V{bottom:.1f}m-4 0h8"'
                         f' stroke="{colour}" fill="none"/>')  # fmt: skip
        tip = for_svg(f"{series.name} {show(dot.mean)} ({show(dot.low)} to {show(dot.high)})")
        lines.append(f'<circle cx="{x:.1f}" cy="{at_y(dot.mean):.1f}" r="4" fill="{colour}">'
                     f"<title>{tip}</title></circle>")  # fmt: skip
    return lines
