"""Where the boxes of a picture stand: on a map where places are known, else by distances.

Without places the distance of two nodes on paper is to be their number of steps: stress, made
small by stochastic gradient descent (Zheng, Pawar, Goodman 2018), which needs no other library.
Boxes that would overlap are pushed apart. All of it gives the same for the same experiment.
"""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

Point = tuple[float, float]
#: One, another, and the steps between them.
Pair = tuple[int, int, int]
Near = Mapping[int, Sequence[int]]
#: Nodes up to which every pair has its distance; of more, each to a few others.
_ALL_PAIRS, _PIVOTS = 250, 40
_ROUNDS = 16
#: Free space around a box, and of a line between two.
GAP, STEP = 14.0, 120.0
#: How often boxes are pushed apart before all of it is made larger, and by how much.
_PUSHES, _LARGER = 40, 1.12


class Size(NamedTuple):
    """Of a box."""

    wide: float
    high: float


def on_map(places: Mapping[int, Point], sizes: Mapping[int, Size], near: Near) -> dict[int, Point]:
    """From (longitude, latitude) in degrees to where it stands; those nowhere, near their peers."""
    middle = sum(up for _, up in places.values()) / len(places)
    shrink = max(0.1, math.cos(math.radians(middle)))
    return on_plane({key: (x * shrink, y) for key, (x, y) in places.items()}, sizes, near)


def on_plane(
    places: Mapping[int, Point], sizes: Mapping[int, Size], near: Near
) -> dict[int, Point]:
    """From (right, up) in any unit to where it stands; those nowhere, near their peers."""
    wide = max(x for x, _ in places.values()) - min(x for x, _ in places.values())
    high = max(y for _, y in places.values()) - min(y for _, y in places.values())
    # as large as the boxes need if they were spread evenly, three times over
    room = sum((size.wide + GAP) * (size.high + GAP) for size in sizes.values()) * 6
    scale = math.sqrt(room / (wide * high)) if wide and high else STEP / max(wide, high, 1)
    found = {key: (x * scale, -y * scale) for key, (x, y) in places.items()}
    _place_the_others(found, sizes, near)
    return apart(found, sizes)


def _place_the_others(found: dict[int, Point], sizes: Iterable[int], near: Near) -> None:
    """Who stands nowhere stands between those it is joined with, or below all."""
    waiting = [key for key in sizes if key not in found]
    bottom = max(y for _, y in found.values()) + STEP
    while waiting:
        left = []
        for key in waiting:
            peers = [found[other] for other in near[key] if other in found]
            if peers:
                x, y = (sum(each) / len(peers) for each in zip(*peers, strict=True))
                found[key] = x + 3, y + STEP / 3
            else:
                left.append(key)
        if len(left) == len(waiting):
            found[left[0]] = found.get(left[0], (0.0, bottom))
            left = left[1:]
        waiting = left


def by_distance(
    groups: Sequence[Sequence[int]], sizes: Mapping[int, Size], near: Near, free: float = STEP / 2
) -> dict[int, Point]:
    """Each of *groups*, which are joined inside, by its steps; the groups in rows.

    *free*: how long the part of a line between two boxes is to be.
    """
    found: dict[int, Point] = {}
    area = sum((size.wide + GAP) * (size.high + GAP) for size in sizes.values())
    widest = max(900.0, math.sqrt(area) * 2)
    x = y = row = 0.0
    for group in groups:
        longest = max(sizes[key].wide for key in group)
        points = apart(_spread(group, near, longest + free), sizes)
        left, top, right, bottom = bounds(points, sizes)
        if x and x + right - left > widest:
            x, y, row = 0.0, y + row + STEP / 2, 0.0
        for key, (px, py) in points.items():
            found[key] = px - left + x, py - top + y
        x, row = x + right - left + STEP / 2, max(row, bottom - top)
    return found


def bounds(points: Mapping[int, Point], sizes: Mapping[int, Size]) -> tuple[float, ...]:
    """Left, top, right, bottom of all boxes around their middles."""
    return (
        min(x - sizes[key].wide / 2 for key, (x, _) in points.items()),
        min(y - sizes[key].high / 2 for key, (_, y) in points.items()),
        max(x + sizes[key].wide / 2 for key, (x, _) in points.items()),
        max(y + sizes[key].high / 2 for key, (_, y) in points.items()),
    )


def _spread(group: Sequence[int], near: Near, step: float) -> dict[int, Point]:
    """Points whose distances are about the numbers of steps, lying as wide as they are long."""
    random_ = random.Random(len(group))
    points = {key: [random_.random() * step, random_.random() * step] for key in group}
    pairs = _wanted(group, near, random_)
    if pairs:
        longest = max(steps for _, _, steps in pairs)
        for round_ in range(_ROUNDS):
            random_.shuffle(pairs)
            # from the square of the longest distance down to a tenth
            eta = longest**2 * (0.1 / longest**2) ** (round_ / (_ROUNDS - 1))
            _relax(points, pairs, eta, step)
    return _level(points)


def _wanted(group: Sequence[int], near: Near, random_: random.Random) -> list[Pair]:
    """All pairs, or of enough of them."""
    if len(group) <= _ALL_PAIRS:
        steps = {key: _steps(key, near) for key in group}
        return [(one, two, steps[one][two]) for one, two in combinations(group, 2)]
    found = []
    for pivot in random_.sample(list(group), _PIVOTS):
        found += [(pivot, key, n) for key, n in _steps(pivot, near).items() if n]
    return found + [(one, two, 1) for one in group for two in near[one] if one < two]


def _steps(root: int, near: Near) -> dict[int, int]:
    found, front = {root: 0}, [root]
    for depth in range(1, len(near) + 1):
        front = [o for o in dict.fromkeys(o for key in front for o in near[key]) if o not in found]
        if not front:
            break
        found.update(dict.fromkeys(front, depth))
    return found


def _relax(
    points: Mapping[int, list[float]], pairs: Sequence[Pair], eta: float, step: float
) -> None:
    for one, two, steps in pairs:
        a, b = points[one], points[two]
        dx, dy = a[0] - b[0], a[1] - b[1]
        apart_by = math.sqrt(dx * dx + dy * dy) or 1e-6
        move = min(1.0, eta / (steps * steps)) * (apart_by - steps * step) / 2 / apart_by
        a[0] -= move * dx
        a[1] -= move * dy
        b[0] += move * dx
        b[1] += move * dy


def _level(points: Mapping[int, Sequence[float]]) -> dict[int, Point]:
    """Turned so that it is wider than high: its longest direction is across."""
    count = len(points)
    mx = sum(x for x, _ in points.values()) / count
    my = sum(y for _, y in points.values()) / count
    xx = sum((x - mx) ** 2 for x, _ in points.values())
    yy = sum((y - my) ** 2 for _, y in points.values())
    xy = sum((x - mx) * (y - my) for x, y in points.values())
    turn = math.atan2(2 * xy, xx - yy) / 2
    cos, sin = math.cos(turn), math.sin(turn)
    return {
        key: ((x - mx) * cos + (y - my) * sin, (y - my) * cos - (x - mx) * sin)
        for key, (x, y) in points.items()
    }


def apart(points: Mapping[int, Point], sizes: Mapping[int, Size]) -> dict[int, Point]:
    """*points* so that no two boxes around them come nearer than GAP; little is moved."""
    at = {key: [x, y] for key, (x, y) in points.items()}
    while True:
        for _ in range(_PUSHES):
            if not _push(at, sizes):
                return {key: (x, y) for key, (x, y) in at.items()}
        for point in at.values():
            point[0] *= _LARGER
            point[1] *= _LARGER


def _push(at: Mapping[int, list[float]], sizes: Mapping[int, Size]) -> bool:
    """Move those that overlap apart, each half of the way; whether there were any."""
    moved = False
    across = max(size.wide for size in sizes.values()) + GAP
    down = max(size.high for size in sizes.values()) + GAP
    cells: dict[tuple[int, int], list[int]] = {}
    for key, (x, y) in at.items():
        cells.setdefault((int(x // across), int(y // down)), []).append(key)
    # a cell is as large as the largest box: who overlaps stands in the next one at most
    for (column, row), members in cells.items():
        near = [
            key
            for dx, dy in ((1, -1), (1, 0), (1, 1), (0, 1))
            for key in cells.get((column + dx, row + dy), ())
        ]
        for place, one in enumerate(members):
            for two in (*members[place + 1 :], *near):
                moved |= _part(at[one], at[two], sizes[one], sizes[two], two > one)
    return moved


def _part(a: list[float], b: list[float], size: Size, other: Size, is_later: bool) -> bool:
    """Move two apart where they are too near; whether they were. *is_later*: on the same spot."""
    over_x = (size.wide + other.wide) / 2 + GAP - abs(b[0] - a[0])
    if over_x <= 0:
        return False
    over_y = (size.high + other.high) / 2 + GAP - abs(b[1] - a[1])
    if over_y <= 0:
        return False
    axis, over = (0, over_x) if over_x < over_y else (1, over_y)
    ahead = b[axis] > a[axis] or (b[axis] == a[axis] and is_later)
    half = (over / 2 + 0.01) * (1 if ahead else -1)
    a[axis] -= half
    b[axis] += half
    return True
