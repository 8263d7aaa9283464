"""Boxes and lines: a network in text, in layers from left to right.

Each line has a row of its own where it leaves and where it arrives, and a column of its own
between two layers, so that lines cross but never run into each other's ends.
"""

from collections.abc import Sequence
from typing import NamedTuple

from nepishell.core.states import ResourceState
from nepishell.output.canvas import Canvas
from nepishell.output.cells import cut, width
from nepishell.output.kinds import clean
from nepishell.output.layers import components, layered, neighbours
from nepishell.output.style import GLYPHS

#: A mark for each state where glyphs cannot be shown, in the order of the states.
MARKS = "o.:-*vX_"
#: Lines that a box holds, and cells of a name.
ITEMS, NAME = 8, 24


class Vertex(NamedTuple):
    """A box: its name and state, and what is listed in it."""

    key: int
    name: str
    state: ResourceState
    items: Sequence[tuple[str, ResourceState]] = ()


class Edge(NamedTuple):
    """A line between two boxes; *label* '' for none."""

    one: int
    two: int
    label: str
    state: ResourceState


class _Box(NamedTuple):
    row: int
    column: int
    wide: int
    high: int


def mark(state: ResourceState, *, glyphs: bool) -> str:
    """One character for a state."""
    return GLYPHS[state] if glyphs else MARKS[state]


def draw(vertices: Sequence[Vertex], edges: Sequence[Edge], *, glyphs: bool) -> Canvas:
    """All on one canvas; what is not connected stands below."""
    canvas = Canvas(glyphs=glyphs)
    near = neighbours([v.key for v in vertices], [(e.one, e.two) for e in edges])
    known = {vertex.key: vertex for vertex in vertices}
    row = 0
    for group in components([v.key for v in vertices], near):
        inside = [edge for edge in edges if edge.one in group]
        row = _Sheet(canvas, known, inside, layered(group, near), row, glyphs=glyphs).draw()
    return canvas


class _Sheet:
    """One component on the canvas, from row *top* on."""

    def __init__(
        self,
        canvas: Canvas,
        known: dict[int, Vertex],
        edges: Sequence[Edge],
        layers: list[list[int]],
        top: int,
        *,
        glyphs: bool,
    ) -> None:
        self._canvas = canvas
        self._known = known
        self._layers = layers
        self._top = top
        self._glyphs = glyphs
        self._level = {key: at for at, layer in enumerate(layers) for key in layer}
        self._rank = {key: at for layer in layers for at, key in enumerate(layer)}
        between = [self._from_left(edge) for edge in edges]
        self._gaps = [[e for e in between if self._spans(e, at)] for at in range(len(layers))]
        self._beside = [e for e in between if self._level[e.one] == self._level[e.two]]
        self._boxes: dict[int, _Box] = {}

    def draw(self) -> int:
        """The first row that is free below."""
        self._place()
        for key, box in self._boxes.items():
            self._draw_box(self._known[key], box)
        for at, gap in enumerate(self._gaps):
            self._draw_gap(at, gap)
        bottom = max(box.row + box.high for box in self._boxes.values())
        for edge in self._beside:
            one, two = self._known[edge.one].name, self._known[edge.two].name
            text = f"{one} and {two} are also joined"
            self._canvas.text(bottom, 0, f"{text} by {edge.label}" if edge.label else text)
            bottom += 1
        return bottom + (1 if self._beside else 0)

    def _from_left(self, edge: Edge) -> Edge:
        if self._level[edge.one] > self._level[edge.two]:
            return edge._replace(one=edge.two, two=edge.one)
        return edge

    def _spans(self, edge: Edge, level: int) -> bool:
        return self._level[edge.one] == level and self._level[edge.two] == level + 1

    # -- boxes -----------------------------------------------------------------------------

    def _lines(self, vertex: Vertex) -> list[tuple[str, ResourceState]]:
        items = [(vertex.name, vertex.state), *vertex.items[:ITEMS]]
        lines = [
            (f"{mark(state, glyphs=self._glyphs)} {cut(clean(name), NAME, self._dots)}", state)
            for name, state in items
        ]
        if len(vertex.items) > ITEMS:
            lines.append((f"and {len(vertex.items) - ITEMS} more", vertex.state))
        return lines

    @property
    def _dots(self) -> str:
        return "…" if self._glyphs else "~"

    def _ports(self, key: int) -> int:
        """Rows that its lines need."""
        level = self._level[key]
        right = sum(edge.one == key for edge in self._gaps[level])
        left = sum(edge.two == key for edge in self._gaps[level - 1]) if level else 0
        return max(left, right)

    def _place(self) -> None:
        sizes = {}
        for layer in self._layers:
            for key in layer:
                lines = self._lines(self._known[key])
                inner = max(width(text) for text, _ in lines)
                sizes[key] = (inner + 4, max(len(lines), self._ports(key)) + 2)
        heights = [sum(sizes[key][1] for key in layer) for layer in self._layers]
        column = 0
        for at, layer in enumerate(self._layers):
            row = self._top + (max(heights) - heights[at]) // 2
            widest = max(sizes[key][0] for key in layer)
            for key in layer:
                wide, high = sizes[key]
                self._boxes[key] = _Box(row, column, widest if len(layer) > 1 else wide, high)
                row += high
            column += widest + self._gap_width(at)

    def _draw_box(self, vertex: Vertex, box: _Box) -> None:
        self._canvas.box(box.row, box.column, box.wide, box.high, vertex.state.name)
        for at, (text, state) in enumerate(self._lines(vertex), 1):
            self._canvas.text(box.row + at, box.column + 2, text, state.name)

    # -- lines -----------------------------------------------------------------------------

    def _label(self, edge: Edge) -> str:
        if not edge.label:
            return ""
        sign = mark(edge.state, glyphs=self._glyphs)
        return f" {sign} {cut(clean(edge.label), NAME, self._dots)} "

    def _gap_width(self, at: int) -> int:
        labels = max((width(self._label(edge)) for edge in self._gaps[at]), default=0)
        return len(self._gaps[at]) + labels + 3 if self._gaps[at] else 0

    def _rows(self, edges: Sequence[Edge], *, leaving: bool) -> dict[int, int]:
        """Number of the edge -> the row where it meets its box."""
        found: dict[int, int] = {}
        mine: dict[int, list[int]] = {}
        for number, edge in enumerate(edges):
            mine.setdefault(edge.one if leaving else edge.two, []).append(number)
        for key, numbers in mine.items():
            box = self._boxes[key]
            numbers.sort(key=lambda n: self._rank[edges[n].two if leaving else edges[n].one])
            first = box.row + 1 + (box.high - 2 - len(numbers)) // 2
            found.update({number: first + at for at, number in enumerate(numbers)})
        return found

    def _draw_gap(self, at: int, edges: list[Edge]) -> None:
        begins, ends = self._rows(edges, leaving=True), self._rows(edges, leaving=False)
        up = sorted((n for n in begins if ends[n] <= begins[n]), key=lambda n: begins[n])
        down = sorted((n for n in begins if ends[n] > begins[n]), key=lambda n: -begins[n])
        left = max((self._right(key) for key in self._layers[at]), default=0)
        for place, number in enumerate([*up, *down]):
            edge, track = edges[number], left + 1 + place
            what = edge.state.name
            box = self._boxes[edge.two]
            self._canvas.across(begins[number], self._right(edge.one), track, what)
            self._canvas.down(track, begins[number], ends[number], what)
            self._canvas.across(ends[number], track, box.column, what)
            label = self._label(edge)
            self._canvas.text(ends[number], box.column - 1 - width(label), label, what)

    def _right(self, key: int) -> int:
        box = self._boxes[key]
        return box.column + box.wide - 1
