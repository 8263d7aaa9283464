"""A network as SVG: boxes by role, marks by state, lines with what they do to packets."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from nepishell.core.states import ResourceState
from nepishell.formats import layout
from nepishell.formats.layout import Point, Size
from nepishell.formats.network import ROUTER, SWITCH, Network, Node, Tie
from nepishell.formats.sketch import INK, PALE, STROKES, head, label, legend, mark, wide
from nepishell.output.cells import cut, for_svg
from nepishell.output.kinds import clean
from nepishell.output.layers import components, neighbours
from nepishell.output.style import SVG_COLOURS

#: Heights of letters, lines and margins; characters of a name; programs that a box names.
_BIG, _SMALL, _TINY, _LINE, _PAD, _MARGIN = 12, 10, 9, 14, 8, 24
_NAME, _ITEMS = 26, 6
#: Nodes from which on boxes only count what runs on them.
_MANY = 60
#: Where on its line a label is tried, from one end to the other.
_ALONG = (0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8)

Box = tuple[float, float, float, float]


def svg(network: Network, title: str = "") -> str:
    """The picture; *title* stands above it. As large as it must be to stay readable."""
    if not network.nodes:
        return "\n".join([head(320, 60), label(20, 36, "nothing to draw"), "</svg>"])
    lines = {node.key: _lines(node, len(network.nodes) > _MANY) for node in network.nodes}
    sizes = {node.key: _size(node, lines[node.key]) for node in network.nodes}
    points = placed(network, sizes)
    left, top, right, bottom = layout.bounds(points, sizes)
    states = _states(network)
    across = max(right - left, sum(30 + wide(state.name, 11) for state in states), 220)
    dx, dy = _MARGIN - left + (across - right + left) / 2, _MARGIN + 20 - top
    points = {key: (x + dx, y + dy) for key, (x, y) in points.items()}
    end = bottom + dy + _MARGIN
    boxes = {key: _box(points[key], sizes[key]) for key in points}
    parts = [
        head(across + 2 * _MARGIN, end + 34 + (16 if network.loose else 0)),
        label(_MARGIN, 22, title or _counted(network), colour=PALE),
        *_ties(network.ties, points, list(boxes.values())),
        *(_node(node, boxes[node.key], lines[node.key]) for node in network.nodes),
        legend(states, _MARGIN, end + 14),
    ]
    if network.loose:
        text = cut(f"on no node: {', '.join(network.loose)}", int(across / _SMALL / 0.66))
        parts.append(label(_MARGIN, end + 32, text, size=_SMALL, colour=PALE))
    return "\n".join([*parts, "</svg>"])


def placed(network: Network, sizes: dict[int, Size]) -> dict[int, Point]:
    """The middle of each box; no two boxes overlap."""
    keys = [node.key for node in network.nodes]
    near = neighbours(keys, [(tie.one, tie.two) for tie in network.ties])
    for on_map, lay in ((True, layout.on_map), (False, layout.on_plane)):
        known = {n.key: n.place for n in network.nodes if n.place and n.on_map is on_map}
        # one that stands somewhere, or all at one place, tells nothing about the others
        if len(set(known.values())) > 1 and 2 * len(known) >= len(keys):
            return lay(known, sizes, near)
    groups = sorted(components(keys, near), key=len, reverse=True)
    if len(keys) > _MANY:
        return layout.by_distance(groups, sizes, near)
    # in a small picture there is room for what lines are called
    longest = max((wide(_told(tie), _TINY) for tie in network.ties), default=0.0)
    return layout.by_distance(groups, sizes, near, max(layout.STEP / 2, longest + _PAD))


def _counted(network: Network) -> str:
    ties = len(network.ties)
    nodes = len(network.nodes)
    return f"{nodes} node{'s' * (nodes != 1)}, {ties} link{'s' * (ties != 1)}"


def _states(network: Network) -> list[ResourceState]:
    found = {node.state for node in network.nodes} | {tie.state for tie in network.ties}
    return sorted(found | {state for node in network.nodes for _, state in node.items})


# -- boxes -------------------------------------------------------------------------------------


def _lines(node: Node, is_one_of_many: bool) -> list[tuple[str, ResourceState]]:
    """What stands in a box below its name."""
    if is_one_of_many and len(node.items) > 1:
        # of a crowd what matters most: the one furthest from health
        worst = max(state for _, state in node.items)
        return [(f"{len(node.items)} programs", worst)]
    lines = [(cut(clean(name), _NAME), state) for name, state in node.items[:_ITEMS]]
    if len(node.items) > _ITEMS:
        lines.append((f"and {len(node.items) - _ITEMS} more", node.state))
    return lines


def _size(node: Node, lines: Sequence[tuple[str, ResourceState]]) -> Size:
    text = max(
        [wide(cut(clean(node.name), _NAME), _BIG), *(wide(line, _SMALL) for line, _ in lines)]
    )
    return Size(text + 2 * _PAD + 16, _LINE + len(lines) * _LINE + 2 * _PAD - 4)


def _box(middle: Point, size: Size) -> Box:
    x, y = middle[0] - size.wide / 2, middle[1] - size.high / 2
    return x, y, size.wide, size.high


def _node(node: Node, box: Box, lines: Sequence[tuple[str, ResourceState]]) -> str:
    x, y, across, high = box
    round_ = {ROUTER: min(high / 2, 16), SWITCH: 0}.get(node.role, 5)
    failed = node.state is ResourceState.FAILED
    parts = [
        f"<g><title>{for_svg(clean(f'{node.name}: {node.rtype} {node.state.name}'))}</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{across:.1f}" height="{high:.1f}" rx="{round_:g}"'
        f' fill="white"/>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{across:.1f}" height="{high:.1f}" rx="{round_:g}"'
        f' fill="{SVG_COLOURS[node.state]}" fill-opacity="0.18" stroke="{STROKES[node.state]}"'
        f' stroke-width="{3 if failed else 1.4}"/>'
    ]
    if node.role == SWITCH:
        # the ports of a switch, along its foot
        parts.append(
            f'<path d="M{x + 4:.1f} {y + high - 3.5:.1f}h{across - 8:.1f}" fill="none"'
            f' stroke="{STROKES[node.state]}" stroke-width="3" stroke-dasharray="5 3"/>'
        )
    elif node.role == ROUTER:
        parts.append(
            f'<rect x="{x + 3:.1f}" y="{y + 3:.1f}" width="{across - 6:.1f}"'
            f' height="{high - 6:.1f}" rx="{round_ - 3:g}" fill="none"'
            f' stroke="{STROKES[node.state]}" stroke-width="0.8"/>'
        )
    row = y + _PAD + 9
    name = cut(clean(node.name), _NAME)
    parts.append(mark(x + _PAD + 5, row - 4, node.state) + label(x + _PAD + 16, row, name))
    for text, state in lines:
        row += _LINE
        parts.append(
            mark(x + _PAD + 5, row - 3.5, state, 4)
            + label(x + _PAD + 16, row, text, size=_SMALL, colour=PALE)
        )
    return "".join([*parts, "</g>"])


# -- lines -------------------------------------------------------------------------------------


def _ties(ties: Sequence[Tie], points: dict[int, Point], boxes: Sequence[Box]) -> Iterable[str]:
    """All lines, then all labels: no line goes over a label."""
    labels: list[str] = []
    room = _Room(boxes)
    shared = Counter(_ends(tie) for tie in ties)
    seen: Counter[tuple[int, int]] = Counter()
    for tie in ties:
        ends = _ends(tie)
        # several between the same two bend away from each other
        bend = (seen[ends] - (shared[ends] - 1) / 2) * 28
        seen[ends] += 1
        if tie.one != tie.two:
            curve = _curve(points[ends[0]], points[ends[1]], bend)
            yield _line(tie, curve)
            labels += _tell(tie, curve, room)
    yield from labels


def _ends(tie: Tie) -> tuple[int, int]:
    return min(tie.one, tie.two), max(tie.one, tie.two)


def _curve(one: Point, two: Point, bend: float) -> tuple[Point, Point, Point]:
    """From *one* by a control point to *two*; a straight line when *bend* is 0."""
    dx, dy = two[0] - one[0], two[1] - one[1]
    long = math.hypot(dx, dy) or 1
    middle = (one[0] + two[0]) / 2, (one[1] + two[1]) / 2
    return one, (middle[0] - dy / long * bend * 2, middle[1] + dx / long * bend * 2), two


def _line(tie: Tie, curve: tuple[Point, Point, Point]) -> str:
    (x, y), (cx, cy), (to_x, to_y) = curve
    dashed = ' stroke-dasharray="5 4"' if not tie.up or tie.state is ResourceState.FAILED else ""
    told = clean(f"{tie.label}{'' if tie.up else ' is down'}: {tie.state.name}")
    return (
        f'<path d="M{x:.1f} {y:.1f}Q{cx:.1f} {cy:.1f} {to_x:.1f} {to_y:.1f}" fill="none"'
        f' stroke="{STROKES[tie.state]}" stroke-width="1.6"{dashed}>'
        f"<title>{for_svg(told)}</title></path>"
    )


def _tell(tie: Tie, curve: tuple[Point, Point, Point], room: "_Room") -> list[str]:
    """Name and values beside the line, where there is room: a tool tip has them anyway."""
    text = _told(tie)
    if not text:
        return []
    across, high = wide(text, _TINY), _TINY + 3.0
    for at in _ALONG:
        x, y = _along(curve, at)
        box = (x - across / 2, y - high / 2, across, high)
        if room.take(box):
            return [
                f'<rect x="{box[0]:.1f}" y="{box[1]:.1f}" width="{across:.1f}"'
                f' height="{high:.1f}" fill="white" fill-opacity="0.85"/>'
                + label(x, y + 3, text, size=_TINY, colour=INK, anchor="middle")
            ]
    return []


def _told(tie: Tie) -> str:
    return cut(clean(tie.label), _NAME + 10)


def _along(curve: tuple[Point, Point, Point], at: float) -> Point:
    weights = ((1 - at) ** 2, 2 * at * (1 - at), at**2)
    x = sum(weight * point[0] for weight, point in zip(weights, curve, strict=True))
    return x, sum(weight * point[1] for weight, point in zip(weights, curve, strict=True))


class _Room:
    """What is taken on the sheet; looked up by cells, so that large sheets cost no more."""

    _CELL = 120.0

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._cells: dict[tuple[int, int], list[Box]] = {}
        for box in boxes:
            self._add(box)

    def take(self, box: Box) -> bool:
        """Take the place of *box*; False where something is there."""
        if any(_overlap(box, o) for cell in self._over(box) for o in self._cells.get(cell, ())):
            return False
        self._add(box)
        return True

    def _add(self, box: Box) -> None:
        for cell in self._over(box):
            self._cells.setdefault(cell, []).append(box)

    def _over(self, box: Box) -> list[tuple[int, int]]:
        x, y, across, high = box
        columns = range(int(x // self._CELL), int((x + across) // self._CELL) + 1)
        rows = range(int(y // self._CELL), int((y + high) // self._CELL) + 1)
        return [(column, row) for column in columns for row in rows]


def _overlap(one: Box, two: Box) -> bool:
    return (
        one[0] < two[0] + two[2] and two[0] < one[0] + one[2]
        and one[1] < two[1] + two[3] and two[1] < one[1] + one[3]
    )  # fmt: skip
