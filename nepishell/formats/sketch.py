"""Small parts of pictures in SVG: text that fits, marks of states, what the colours mean.

Marks are shapes, not characters: a font need not have them.
"""

import math
from collections.abc import Iterable

from nepishell.core.states import ResourceState
from nepishell.output.cells import for_svg, width
from nepishell.output.kinds import clean
from nepishell.output.style import SVG_COLOURS

INK, PALE = "#333333", "#777777"
#: Darker than the colours of areas: of lines and marks, on white.
STROKES = {
    **SVG_COLOURS,
    ResourceState.NEW: "#888888",
    ResourceState.DISCOVERED: "#888888",
    ResourceState.PROVISIONED: "#777777",
    ResourceState.STOPPED: "#b8a900",
    ResourceState.RELEASED: "#aaaaaa",
}
#: How much of the mark is filled on the way to STARTED.
_FILLED = {
    ResourceState.NEW: 0.0,
    ResourceState.DISCOVERED: 0.25,
    ResourceState.PROVISIONED: 0.5,
    ResourceState.READY: 0.75,
    ResourceState.STARTED: 1.0,
}
#: Of the height of a font, as wide as the widest that a picture may be shown with.
_CELL = 0.66


def wide(text: str, size: float) -> float:
    """How wide *text* may become in a font of this size."""
    return width(text) * size * _CELL


def head(wide_: float, high: float) -> str:
    """The first lines of a picture; the last is '</svg>'."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide_:.0f}" height="{high:.0f}"'
        f' viewBox="0 0 {wide_:.0f} {high:.0f}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{wide_:.0f}" height="{high:.0f}" fill="white"/>'
    )


def label(x: float, y: float, text: str, *, size: float = 12, colour: str = INK,
          anchor: str = "start") -> str:  # fmt: skip
    """A line of text; whatever is in it, it is text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}"'
        f' text-anchor="{anchor}">{for_svg(clean(text))}</text>'
    )


def mark(x: float, y: float, state: ResourceState, radius: float = 5) -> str:
    """The mark of a state around a point."""
    colour = STROKES[state]
    if state in (ResourceState.STOPPED, ResourceState.FAILED):
        r = radius * 0.8
        path = (
            f"M{x - r:.1f} {y:.1f}l{r * 0.7:.1f} {r:.1f}l{r * 1.3:.1f} {-2 * r:.1f}"
            if state is ResourceState.STOPPED
            else f"M{x - r:.1f} {y - r:.1f}l{2 * r:.1f} {2 * r:.1f}m0 {-2 * r:.1f}"
            f"l{-2 * r:.1f} {2 * r:.1f}"
        )
        return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.2"/>'
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{{}}" stroke="{colour}"/>'
    part = _FILLED.get(state, 0.0)
    if part in (0.0, 1.0):
        return ring.format(colour if part else "white")
    turn = 2 * math.pi * part
    to_x, to_y = x + radius * math.sin(turn), y - radius * math.cos(turn)
    slice_ = (
        f'<path d="M{x:.1f} {y:.1f}V{y - radius:.1f}A{radius:g} {radius:g} 0 {int(part > 0.5)} 1'
        f' {to_x:.2f} {to_y:.2f}Z" fill="{colour}"/>'
    )
    return ring.format("white") + slice_


def legend(states: Iterable[ResourceState], x: float, y: float) -> str:
    """What the marks mean, in one row."""
    parts = []
    for state in sorted(states):
        parts.append(mark(x + 5, y - 4, state) + label(x + 15, y, state.name, size=11))
        x += 30 + wide(state.name, 11)
    return "\n".join(parts)
