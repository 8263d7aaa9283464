"""A Gantt chart of states in characters, and as SVG: one row per resource, equal rows folded.

Each state has a character of its own besides its colour. Pure: spans in, text out.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.output.cells import cut, for_svg, legend, width
from nepishell.output.kinds import clean
from nepishell.output.style import SVG_COLOURS, Style

STARTED, FAILED = ResourceState.STARTED, ResourceState.FAILED
#: A character for each state, in the order of the states, plain and with glyphs; after a failure.
PLAIN_BARS, BARS = " .:-=_X ", " ░▒─█·✗ "
PLAIN_AFTER, AFTER = "~", "╌"
#: Cells of a chart where nobody says how wide it may be, of a name, and between two ticks.
WIDE, NAME, TICK = 100, 24, 10
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


class Span(NamedTuple):
    """A resource is in a state from *begin* to *end*, seconds."""

    begin: float
    end: float
    state: ResourceState


#: A moment with a name: seconds, and what it is called.
Mark = tuple[float, str]


class Bar(NamedTuple):
    """The states of one resource, in order."""

    name: str
    spans: Sequence[Span]


def reach(bars: Iterable[Bar]) -> tuple[float, float]:
    """The first and the last moment of *bars*; never the same."""
    spans = [span for bar in bars for span in bar.spans]
    begin = min((span.begin for span in spans), default=0.0)
    end = max((span.end for span in spans), default=0.0)
    return begin, max(end, begin + 0.001)


def tick_step(seconds: float, most: int) -> float:
    """A round number of seconds that divides *seconds* into at most *most* parts."""
    least = seconds / max(1, most)
    if least > _STEPS_S[-1]:
        return float(-(-least // 3600) * 3600)
    if least > 1:
        return float(next(step for step in _STEPS_S if step >= least))
    power = 1.0
    while power / 10 >= least:
        power /= 10
    return next((power / part for part in (5, 2) if power / part >= least), power)


def ticks(begin: float, end: float, cells: int) -> list[tuple[int, str]]:
    """(cell, label) of the round moments between *begin* and *end*."""
    step = tick_step(end - begin, max(1, cells // TICK))
    found = []
    number = -(-begin // step)
    while number * step <= end:
        at = round(number * step, 9)
        found.append((round((at - begin) / (end - begin) * (cells - 1)), format_duration(at)))
        number += 1
    return found


def cells_of(
    spans: Sequence[Span], begin: float, end: float, cells: int
) -> list[ResourceState | None]:
    """The state shown in each cell: what is short is not lost, and a failure never.

    Of the way to STARTED what takes less than a cell is left out. None: nothing yet, or no more.
    """
    found: list[ResourceState | None] = [None] * cells
    scale = cells / (end - begin)
    lasting = [span for span in spans if span.end > span.begin]
    for span in sorted(lasting, key=lambda span: span.begin - span.end):
        first = min(cells - 1, int((span.begin - begin) * scale))
        last = min(cells, max(first + 1, round((span.end - begin) * scale)))
        # otherwise members of one deployment would differ by who was a moment earlier
        passing = span.state < STARTED and (span.end - span.begin) * scale < 1
        for cell in range(first, last):
            if not passing or found[cell] is None:
                found[cell] = span.state
    for span in spans:
        if span.state is FAILED:
            found[min(cells - 1, int((span.begin - begin) * scale))] = FAILED
    return found


def draw(
    bars: Sequence[Bar],
    style: Style,
    fold: Callable[[Iterable[str]], str],
    marks: Sequence[Mark] = (),
) -> str:
    """The chart in at most style.width cells. *fold* writes many names short.

    *marks* are numbered at their places, and told below.
    """
    begin, end = reach(bars)
    whole = style.width or WIDE
    # folded once to know how long the names are, and once more in the room that is left
    folded = _rows(bars, begin, end, max(10, whole - NAME)).values()
    names = min(max((width(fold(each)) for each in folded), default=0), NAME, whole // 3)
    cells = max(10, whole - names - 2)
    rows = _rows(bars, begin, end, cells)
    dots = "…" if style.glyphs else "~"
    lines = [*_axis(begin, end, cells, names, style)]
    for states, members in rows.items():
        name = cut(clean(fold(members)), names, dots)
        lines.append(f"{name}{' ' * (names - width(name))}  {_bar(states, style)}".rstrip())
    if marks:
        lines.append(f"{' ' * (names + 2)}{_numbered(marks, begin, end, cells)}".rstrip())
    lines.append(_legend({state for states in rows for state in states if state}, style))
    for number, (at, text) in enumerate(marks, start=1):
        lines.append(f"{number} at {format_duration(round(at, 3))}: {clean(text)}")
    return "\n".join(lines)


def _numbered(marks: Sequence[Mark], begin: float, end: float, cells: int) -> str:
    """The numbers of *marks* where they are; one that has no room left is only told."""
    row = [" "] * cells
    for number, (at, _) in enumerate(marks, start=1):
        text = str(number)
        first = min(int((max(at, begin) - begin) / (end - begin) * cells), cells - len(text))
        if at <= end and row[max(0, first - 1) : first + len(text)].count(" ") > len(text) - (
            first == 0
        ):
            row[first : first + len(text)] = text
    return "".join(row)


def _rows(
    bars: Iterable[Bar], begin: float, end: float, cells: int
) -> dict[tuple[ResourceState | None, ...], list[str]]:
    """Cells -> the names of those that look like it."""
    rows: dict[tuple[ResourceState | None, ...], list[str]] = {}
    for bar in bars:
        rows.setdefault(tuple(cells_of(bar.spans, begin, end, cells)), []).append(bar.name)
    return rows


def _axis(begin: float, end: float, cells: int, names: int, style: Style) -> tuple[str, str]:
    labels, marks = [" "] * cells, ["─" if style.glyphs else "-"] * cells
    free = 0
    for cell, label in ticks(begin, end, cells):
        marks[cell] = "┬" if style.glyphs else "+"
        first = min(cell, cells - len(label))
        if first >= free:
            labels[first : first + len(label)] = label
            free = first + len(label) + 1
    lead = " " * (names + 2)
    return (
        (lead + style.paint("".join(labels).rstrip(), "dim")),
        (lead + style.paint("".join(marks), "dim")),
    )


def _bar(states: Sequence[ResourceState | None], style: Style) -> str:
    text = ""
    begin = 0
    for at in range(1, len(states) + 1):
        if at < len(states) and states[at] is states[begin]:
            continue
        text += _run(states[begin], at - begin, style)
        begin = at
    return text


def _run(state: ResourceState | None, length: int, style: Style) -> str:
    if state is None:
        return " " * length
    char = (BARS if style.glyphs else PLAIN_BARS)[state]
    after = (AFTER if style.glyphs else PLAIN_AFTER) if state is FAILED else char
    return style.paint(char + after * (length - 1), state.name)


def _legend(states: set[ResourceState], style: Style) -> str:
    chars = BARS if style.glyphs else PLAIN_BARS
    shown = [state for state in sorted(states) if chars[state] != " "]
    return legend(((chars[state], state) for state in shown), style)


# -- as SVG ------------------------------------------------------------------------------------

_ROW, _LEFT, _WIDTH, _TOP = 22, 170, 1000, 36


def svg(
    bars: Sequence[Bar], fold: Callable[[Iterable[str]], str], marks: Sequence[Mark] = ()
) -> str:
    """The chart as a picture of 1,000 points of width; a tool tip tells state and times."""
    begin, end = reach(bars)
    rows: dict[tuple[Span, ...], list[str]] = {}
    for bar in bars:
        rows.setdefault(tuple(bar.spans), []).append(bar.name)
    height = _TOP + _ROW * len(rows) + 40
    scale = (_WIDTH - _LEFT - 20) / (end - begin)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
    ]
    for cell, label in ticks(begin, end, _WIDTH // 8):
        x = _LEFT + cell / (_WIDTH // 8 - 1) * (_WIDTH - _LEFT - 20)
        lines.append(f'<path d="M{x:.1f} 24V{height - 34}" stroke="#ddd"/>')
        lines.append(f'<text x="{x:.1f}" y="18" text-anchor="middle" fill="#555">{label}</text>')
    for number, (spans, names) in enumerate(rows.items()):
        y = _TOP + number * _ROW
        lines.append(f'<text x="8" y="{y + 13}">{for_svg(cut(clean(fold(names)), 26))}</text>')
        lines += [_svg_span(span, _LEFT + (span.begin - begin) * scale, y, scale) for span in spans]
    for at, text in marks:
        x = _LEFT + (min(max(at, begin), end) - begin) * scale
        told = for_svg(f"{format_duration(round(at, 3))}: {clean(text)}")
        lines.append(f'<g><path d="M{x:.1f} 24V{height - 34}" stroke="black"'
                     f' stroke-dasharray="4 3"/><title>{told}</title></g>')  # fmt: skip
    lines += _svg_legend({span.state for spans in rows for span in spans}, height - 20)
    return "\n".join([*lines, "</svg>"])


def _svg_span(span: Span, x: float, y: int, scale: float) -> str:
    wide = max(1.5, (span.end - span.begin) * scale)
    tip = (
        f"{span.state.name} {format_duration(round(span.begin, 3))} to"
        f" {format_duration(round(span.end, 3))}"
    )
    cross = f'<path d="M{x:.1f} {y + 2}l12 12m0 -12l-12 12" stroke="black" stroke-width="2"/>'
    return (
        f'<g><rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="16"'
        f' fill="{SVG_COLOURS[span.state]}"/>{cross if span.state is FAILED else ""}'
        f"<title>{tip}</title></g>"
    )


def _svg_legend(states: set[ResourceState], y: int) -> Iterable[str]:
    x = _LEFT
    for state in sorted(states):
        yield (
            f'<rect x="{x}" y="{y}" width="12" height="12" fill="{SVG_COLOURS[state]}"/>'
            f'<text x="{x + 16}" y="{y + 11}">{state.name}</text>'
        )
        x += 105
