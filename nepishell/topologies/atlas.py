"""Files of graphs as maps of networks: GML, GraphML, DOT, edge lists, as they are found.

Names become labels, delays come from distances and rates from speeds where the file has nothing
better; whatever had to be assumed is told.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from nepishell.core.errors import BadValue
from nepishell.core.units import format_rate
from nepishell.topologies.catalogue import MOST_LINKS, MOST_NODES
from nepishell.topologies.dot import read_dot
from nepishell.topologies.edgelist import read_edgelist
from nepishell.topologies.gml import read_gml
from nepishell.topologies.graphml import read_graphml
from nepishell.topologies.model import ROUTER, SWITCH, Cable, NetworkMap, Place
from nepishell.topologies.naming import Names
from nepishell.topologies.rawgraph import BadGraph, RawEdge, RawGraph, RawNode, Scalar
from nepishell.topologies.speeds import delay_of, rate_of, weight_of

#: m/s in glass: two thirds of that in the void
SPEED_IN_FIBRE = 299_792_458 * 2 / 3
#: mean radius (IUGG), m
_EARTH = 6_371_008.8
_LARGEST_FILE = 50_000_000
_READERS: Mapping[str, Callable[[str], RawGraph]] = {
    ".gml": read_gml,
    ".graphml": read_graphml,
    ".xml": read_graphml,
    ".dot": read_dot,
    ".gv": read_dot,
    ".edges": read_edgelist,
    ".edgelist": read_edgelist,
    ".txt": read_edgelist,
    ".csv": read_edgelist,
    ".tsv": read_edgelist,
}
#: Endings of files that are read.
ENDINGS = tuple(_READERS)


def read_map(path: Path) -> NetworkMap:
    """The network of a file; raises BadValue, naming the file and the line."""
    text = _text(path)
    reader = _READERS.get(path.suffix.lower()) or _guess(text)
    if reader is None:
        raise BadValue(f"'{path}' is no graph that is read: use one of {', '.join(ENDINGS)}")
    try:
        return map_of(reader(text), path.stem)
    except BadGraph as problem:
        place = f"{path}:{problem.line}" if problem.line else f"{path}"
        raise BadValue(f"{place}: {str(problem).removeprefix(f'line {problem.line}: ')}") from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise BadValue(f"'{path}' has more than {_LARGEST_FILE // 10**6} MB; use a smaller map")
        raw = path.expanduser().read_bytes()
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", "") or exc
        raise BadValue(f"cannot read '{path}': {reason}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _guess(text: str) -> Callable[[str], RawGraph] | None:
    head = text.lstrip()[:2000].lower()
    if head.startswith("<") and "<graphml" in head:
        return read_graphml
    if head.startswith(("strict ", "graph {", "graph{", "digraph")):
        return read_dot
    return read_gml if "graph [" in head or "graph[" in head else None


def map_of(raw: RawGraph, name: str) -> NetworkMap:
    """The map that a graph describes; raises BadValue when it is too large or empty."""
    if not raw.nodes:
        raise BadGraph(0, "there is no node in it")
    if len(raw.nodes) > MOST_NODES or len(raw.edges) > MOST_LINKS:
        raise BadGraph(
            0,
            f"it has {len(raw.nodes):,} nodes and {len(raw.edges):,} links; at most "
            f"{MOST_NODES:,} and {MOST_LINKS:,} are made at once",
        )
    return _Drawing(raw, name).draw()


class _Drawing:
    """Places first, then cables, then what is to be told."""

    def __init__(self, raw: RawGraph, name: str) -> None:
        self._raw = raw
        self._name = raw.name.strip() or name
        self._names = Names()
        self._numbers: dict[str, int] = {}
        self._places: list[Place] = []
        self._cables: list[Cable] = []
        self._count: Counter[str] = Counter()

    def draw(self) -> NetworkMap:
        hubs = self._hubs()
        for node in self._raw.nodes.values():
            self._add(node, SWITCH if node.key in hubs else ROUTER)
        for edge in self._raw.edges:
            self._join(edge)
        return NetworkMap(
            name=self._name,
            places=tuple(self._places),
            cables=tuple(self._cables),
            assumed=tuple(self._told()),
        )

    def _hubs(self) -> set[str]:
        """Nodes that stand for a link of many ends (the Topology Zoo's hyperedges)."""
        said = {key for key, node in self._raw.nodes.items() if node.data.get("hyperedge") in
                (1, "1", "true", "True")}  # fmt: skip
        # what is plugged into each other cannot both be switches
        for edge in self._raw.edges:
            if len(said.intersection(edge.ends)) > 1 or len(edge.ends) > 2:
                said.discard(edge.ends[0])
        return said

    def _add(self, node: RawNode, kind: str) -> None:
        number = len(self._places)
        label = str(node.data.get("label", node.data.get("name", node.key)))
        latitude = _degrees(node.data, 90.0, "latitude", "lat")
        longitude = _degrees(node.data, 180.0, "longitude", "lon", "long", "lng")
        if latitude is None or longitude is None:
            latitude = longitude = None
        name = self._names.name(label, number)
        self._numbers[node.key] = number
        self._places.append(Place(name, kind, latitude, longitude))

    def _join(self, edge: RawEdge) -> None:
        ends = [self._numbers[end] for end in dict.fromkeys(edge.ends)]
        if len(ends) < 2:
            self._count["loops"] += 1
            return
        if len(ends) > 2:
            hub = len(self._places)
            self._places.append(Place(self._names.name("lan", hub), SWITCH))
            self._cables += [Cable(end, hub) for end in ends]
            return
        one, other = ends
        if SWITCH in (self._places[one].kind, self._places[other].kind):
            self._cables.append(Cable(one, other))
            return
        self._cables.append(
            Cable(one, other, self._delay(edge, one, other), self._rate(edge), weight_of(edge.data))
        )

    def _delay(self, edge: RawEdge, one: int, other: int) -> float | None:
        said, is_bare = delay_of(edge.data)
        if said is not None:
            self._count["bare"] += is_bare
            return said
        distance = distance_m(self._places[one], self._places[other])
        self._count["far" if distance is None else "near"] += 1
        return None if distance is None else round(distance / SPEED_IN_FIBRE, 6)

    def _rate(self, edge: RawEdge) -> float | None:
        found = rate_of(edge.data)
        self._count["slow" if found is None else "fast"] += 1
        return found

    def _told(self) -> list[str]:
        count, pairs = self._count, Counter((min(c[:2]), max(c[:2])) for c in self._cables)
        parallel = sum(number - 1 for number in pairs.values())
        switches = sum(place.kind == SWITCH for place in self._places)
        lines = (
            (count["near"], "link", "delay from the distance at 2/3 of the speed of light"),
            (count["far"], "link", "no delay, since the place of an end is not known"),
            (count["bare"], "link", "a delay without a unit is taken for milliseconds"),
            (count["slow"], "link", "not limited, since no speed is given"),
            (self._names.nameless, "place", "no legible name, so called by its number"),
            (self._names.repeated, "place", "the name of another, so a number behind it"),
            (parallel, "link", "beside another between the same places"),
            (switches, "link", "more than two ends, so a switch"),
            (count["loops"], "link", "from a place to itself, left out"),
        )
        return [f"{n} {noun}{'s' * (n > 1)}: {text}" for n, noun, text in lines if n]


def _degrees(data: Mapping[str, Scalar], most: float, *keys: str) -> float | None:
    for key in keys:
        try:
            value = float(data[key])
        except (KeyError, ValueError):
            continue
        if -most <= value <= most:
            return value
    return None


def distance_m(one: Place, other: Place) -> float | None:
    """Along a great circle (haversine), in metres; None where a place is not known."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    points = (one.latitude, one.longitude, other.latitude, other.longitude)
    lat1, lon1, lat2, lon2 = (math.radians(value or 0.0) for value in points)
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))


def rescaled(found: NetworkMap, factor: float, fastest: float) -> NetworkMap:
    """The same map with all rates multiplied by *factor*; of those above *fastest* there is none.

    A machine carries some hundred Mbit/s over many links at once: 10 Gbit/s would be a lie.
    """
    rates = [None if cable.rate is None else cable.rate * factor for cable in found.cables]
    kept = [None if rate is None or rate > fastest else rate for rate in rates]
    lost = sum(rate is not None for rate in rates) - sum(rate is not None for rate in kept)
    told = list(found.assumed)
    if factor != 1.0:
        told.append(f"speeds are multiplied by {factor:g}")
    if lost:
        told.append(
            f"{lost} link{'s' * (lost > 1)}: not limited, since faster than "
            f"{format_rate(fastest)} (scale=0.001 keeps the ratios)"
        )
    cables = tuple(c._replace(rate=rate) for c, rate in zip(found.cables, kept, strict=True))
    return replace(found, cables=cables, assumed=tuple(told))
