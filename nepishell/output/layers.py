"""A graph in layers, left to right: every edge joins neighbours, or two of the same layer.

Pure: keys and pairs in, columns of keys out.
"""

from collections.abc import Iterable, Sequence

Pair = tuple[int, int]


def neighbours(keys: Iterable[int], pairs: Iterable[Pair]) -> dict[int, list[int]]:
    """Key -> those it is joined with, each once."""
    found: dict[int, dict[int, None]] = {key: {} for key in keys}
    for one, two in pairs:
        if one != two:
            found[one][two] = None
            found[two][one] = None
    return {key: list(others) for key, others in found.items()}


def components(keys: Sequence[int], near: dict[int, list[int]]) -> list[list[int]]:
    """The keys in groups that are joined somehow, in the order of *keys*."""
    allowed, seen, found = set(keys), set[int](), []
    for key in keys:
        if key in seen:
            continue
        group, front = [key], [key]
        seen.add(key)
        while front:
            fresh = [o for each in front for o in near[each] if o in allowed and o not in seen]
            front = list(dict.fromkeys(fresh))
            seen.update(front)
            group += front
        found.append(group)
    return found


def distances(root: int, near: dict[int, list[int]]) -> dict[int, int]:
    """Steps from *root*."""
    found, front = {root: 0}, [root]
    while front:
        key = front.pop(0)
        for other in near[key]:
            if other not in found:
                found[other] = found[key] + 1
                front.append(other)
    return found


def layered(keys: Sequence[int], near: dict[int, list[int]]) -> list[list[int]]:
    """The layers of one component: a chain begins at its end, a star has its middle inside."""
    root = max(keys, key=lambda key: len(near[key]))
    star = len(near[root]) >= 3
    if not star:
        root = min(keys, key=lambda key: len(near[key]))
    place = distances(root, near)
    if star:
        _take_sides(keys, near, root, place)
    layers: dict[int, list[int]] = {}
    order: dict[int, float] = {}
    # outwards from the root, each beside what it is joined with
    for key in sorted(keys, key=lambda key: abs(place[key])):
        layers.setdefault(place[key], []).append(key)
    for level in sorted(layers, key=abs):
        known = {key: _mean([order[o] for o in near[key] if o in order]) for key in layers[level]}
        layers[level].sort(key=lambda key: known[key])
        order.update({key: float(at) for at, key in enumerate(layers[level])})
    return [layers[level] for level in sorted(layers)]


def _take_sides(
    keys: Sequence[int], near: dict[int, list[int]], root: int, place: dict[int, int]
) -> None:
    """Send some branches of *root* to its left, so that both sides are about as large."""
    branches = components([key for key in keys if key != root], near)
    left = right = 0
    for branch in sorted(branches, key=len, reverse=True):
        if left <= right:
            left += len(branch)
            for key in branch:
                place[key] = -place[key]
        else:
            right += len(branch)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
