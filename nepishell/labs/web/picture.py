"""Where hosts and links stand on the page, and what is written beside them."""

from collections.abc import Iterable
from typing import Any

from nepishell.engine.resource import ResourceManager
from nepishell.formats.layout import Point, Size
from nepishell.formats.network import Network, network, value_of
from nepishell.formats.picture import placed

#: Of a box on the page, and free space around all, in its units.
WIDE, HIGH, MARGIN = 132.0, 58.0, 24.0
#: Of a program in a box.
_LINE = 19
#: What is kept free between boxes, for the names and values of links.
_BETWEEN, _BELOW = 50.0, 26.0
#: What a line of text in a box, or of a link, may have.
_MOST_CHARACTERS = 22
_MOST_ITEMS = 4


class Scene:
    """Draws the same network at the same place: it is laid out anew only when its shape changes."""

    def __init__(self) -> None:
        self._shape: object = None
        self._points: dict[int, Point] = {}

    def draw(self, rms: Iterable[ResourceManager]) -> dict[str, Any]:
        """What *rms* look like now, for the page."""
        all_ = list(rms)
        found = network(all_)
        sizes = {node.key: _size(len(node.items)) for node in found.nodes}
        shape = (sizes, [(tie.one, tie.two) for tie in found.ties])
        if shape != self._shape:
            self._shape, self._points = shape, _upright(placed(found, _spread(sizes)))
        return _scene(found, self._points, sizes, _queues(all_))


def _size(items: int) -> Size:
    return Size(WIDE, HIGH + _LINE * min(items, _MOST_ITEMS))


def _spread(sizes: dict[int, Size]) -> dict[int, Size]:
    """With the free space around them."""
    return {key: Size(size.wide + _BETWEEN, size.high + _BELOW) for key, size in sizes.items()}


def _upright(points: dict[int, Point]) -> dict[int, Point]:
    """The first host on the left, as people draw it."""
    if points and points[min(points)][0] > points[max(points)][0]:
        return {key: (-x, y) for key, (x, y) in points.items()}
    return points


def _queues(rms: Iterable[ResourceManager]) -> dict[str, str]:
    """The queues of links that have one of their own, by name; a student may have to change it."""
    found = {rm.name: value_of(rm, "queue") for rm in rms}
    return {name: f"queue {packets}" for name, packets in found.items() if packets}


def _scene(
    found: Network, points: dict[int, Point], sizes: dict[int, Size], queues: dict[str, str]
) -> dict[str, Any]:
    if not found.nodes:
        return {"wide": 0, "high": 0, "nodes": [], "ties": []}
    left = min(points[key][0] - size.wide / 2 for key, size in sizes.items()) - MARGIN
    top = min(points[key][1] - size.high / 2 for key, size in sizes.items()) - MARGIN
    right = max(points[key][0] + size.wide / 2 for key, size in sizes.items()) + MARGIN
    bottom = max(points[key][1] + size.high / 2 for key, size in sizes.items()) + MARGIN
    return {
        "wide": round(right - left),
        "high": round(bottom - top),
        "nodes": [
            {
                "key": node.key, "name": _cut(node.name), "role": node.role,
                "state": node.state.name,
                "x": round(points[node.key][0] - left, 1),
                "y": round(points[node.key][1] - top, 1),
                "wide": sizes[node.key].wide, "high": sizes[node.key].high,
                "items": [
                    {"name": _cut(name), "state": state.name}
                    for name, state in node.items[:_MOST_ITEMS]
                ],
            }
            for node in found.nodes
        ],
        "ties": [
            {"one": tie.one, "two": tie.two, "name": _cut(tie.name), "state": tie.state.name,
             "values": f"{tie.values} {queues.get(tie.name, '')}".strip()[:60], "up": tie.up}
            for tie in found.ties
        ],
    }  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
