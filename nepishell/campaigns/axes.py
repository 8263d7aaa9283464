"""What a campaign varies: axes that are combined, walked side by side, listed, or drawn by chance.

A point is one value for each of them. Pure: the same axes and seed give the same points.
"""

import csv
import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from nepishell.core.errors import NepishellError

#: A value for each parameter that is varied, as text.
Point = Mapping[str, str]

_RANGE = re.compile(
    r"(?P<low>-?\d+(?:\.\d+)?)(?P<unit>[a-zA-Zµ%]*)\.\.(?P<high>-?\d+(?:\.\d+)?)(?P<same>[a-zA-Zµ%]*)"
)
#: Points that a campaign may have: more are a mistake in the axes.
MOST_POINTS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """What is varied. Each kind gives points; all kinds are combined with each other.

    *product*: every value with every other; *zipped*: first with first, second with second;
    *listed*: points as they are; *chance*: `low..high` or values to choose from, *draws* times.
    """

    product: Mapping[str, Sequence[str]] = field(default_factory=dict)
    zipped: Mapping[str, Sequence[str]] = field(default_factory=dict)
    listed: Sequence[Point] = ()
    chance: Mapping[str, Sequence[str]] = field(default_factory=dict)
    draws: int = 0

    def names(self) -> list[str]:
        """The parameters that are varied, in the order in which they were given."""
        listed = [name for point in self.listed for name in point]
        return list(dict.fromkeys([*self.product, *self.zipped, *listed, *self.chance]))


def points(axes: Axes, seed: int) -> list[dict[str, str]]:
    """All points of *axes*, in order; *seed*: of what is drawn. Raises NepishellError."""
    _check(axes)
    parts = [
        _combined(axes.product),
        _side_by_side(axes.zipped),
        [dict(point) for point in axes.listed] or [{}],
        list(_drawn(axes.chance, axes.draws, seed)) or [{}],
    ]
    count = 1
    for part in parts:
        count *= len(part)
    if count > MOST_POINTS:
        raise NepishellError(f"{count} points are too many; a campaign has at most {MOST_POINTS}")
    found = [{k: v for part in chosen for k, v in part.items()} for chosen in product(*parts)]
    # a value written twice is one point all the same
    return list({json.dumps(point, sort_keys=True): point for point in found}.values())


def _check(axes: Axes) -> None:
    kinds = (axes.product, axes.zipped, axes.chance)
    empty = [name for kind in kinds for name, values in kind.items() if not values]
    if empty:
        raise NepishellError(f"parameter '{empty[0]}' has no value to try")
    listed = {name for point in axes.listed for name in point}
    seen: set[str] = set()
    for names in (*kinds, listed):
        twice = seen.intersection(names)
        if twice:
            raise NepishellError(f"parameter '{min(twice)}' is varied in two ways; choose one")
        seen.update(names)
    ragged = [point for point in axes.listed if set(point) != listed]
    if ragged:
        missing = min(listed - set(ragged[0]))
        raise NepishellError(f"a listed point has no value for '{missing}': {written(ragged[0])}")
    lengths = {name: len(values) for name, values in axes.zipped.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {count}" for name, count in lengths.items())
        raise NepishellError(f"zipped parameters need as many values each: {told}")
    if axes.chance and axes.draws < 1:
        raise NepishellError("say how many points are drawn at random, as in draws = 20")


def _combined(kind: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(kind, values, strict=True)) for values in product(*kind.values())]


def _side_by_side(kind: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    rows = list(zip(*kind.values(), strict=True)) if kind else [()]
    return [dict(zip(kind, values, strict=True)) for values in rows]


def _drawn(kind: Mapping[str, Sequence[str]], draws: int, seed: int) -> Iterator[dict[str, str]]:
    chance = random.Random(seed)
    for _ in range(draws if kind else 0):
        yield {name: _draw(chance, name, values) for name, values in kind.items()}


def _draw(chance: random.Random, name: str, values: Sequence[str]) -> str:
    found = _RANGE.fullmatch(values[0]) if len(values) == 1 else None
    if found is None:
        return chance.choice(values)
    low, high = float(found["low"]), float(found["high"])
    if found["unit"] not in ("", found["same"]) or low > high:
        raise NepishellError(
            f"parameter '{name}': '{values[0]}' is not a range; write it as in 1ms..20ms"
        )
    return f"{chance.uniform(low, high):.6g}{found['same']}"


def values_of(text: str) -> tuple[str, ...]:
    """The values in `a,b,"c,d"`: commas part them, quotes keep them together."""
    row = next(csv.reader([text], skipinitialspace=True), [])
    return tuple(value.strip() for value in row)


def covering(all_points: Iterable[Point]) -> Iterator[Point]:
    """Points in which every value of every parameter occurs at least once; as a rule few."""
    seen: set[tuple[str, str]] = set()
    for point in all_points:
        values = set(point.items())
        if not point or values - seen:
            seen |= values
            yield point


def key_of(recipe_hash: str, point: Point, repetition: int) -> str:
    """The name of a run: the same recipe, values and repetition have the same one everywhere."""
    canonical = json.dumps([recipe_hash, sorted(point.items()), repetition], ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def seed_of(seed: int, key: str) -> int:
    """The seed of one run of a campaign: another one for each, the same one each time."""
    digest = hashlib.sha256(f"{seed} {key}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def written(point: Point) -> str:
    """A point for people: `delay=20ms cc=bbr`."""
    return " ".join(f"{name}={value}" for name, value in point.items()) or "as it is"
