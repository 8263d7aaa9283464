"""Maps for the bench: one as large as the largest real one; how long round trips should take."""

import math
from collections.abc import Mapping
from random import Random

import networkx as nx

from nepishell.topologies.model import NetworkMap

#: Places and links of Kdl, the largest map of the Topology Zoo.
PLACES, LINKS = 754, 899


def large_map(seed: int = 1) -> str:
    """A connected network in the plane as GML: each place joined to near ones, as cables are."""
    random = Random(seed)
    # a square of four degrees: links of some tens of kilometres, as in Kentucky
    at = sorted((36 + 4 * random.random(), -88 + 4 * random.random()) for _ in range(PLACES))
    edges = set()
    for number in range(1, PLACES):
        near = min(range(number), key=lambda other: math.dist(at[other], at[number]))
        edges.add((near, number))
    pairs = ((math.dist(at[a], at[b]), a, b) for b in range(PLACES) for a in range(b))
    for _, a, b in sorted(pairs):
        if len(edges) == LINKS:
            break
        edges.add((a, b))
    nodes = "".join(
        f'  node [ id {n} label "Place {n}" Latitude {lat:.5f} Longitude {lon:.5f} ]\n'
        for n, (lat, lon) in enumerate(at)
    )
    links = "".join(f"  edge [ source {a} target {b} ]\n" for a, b in sorted(edges))
    return f'graph [\n  label "large"\n{nodes}{links}]\n'


class RoundTrips:
    """What routes by delay make of a map: seconds from one address to another and back."""

    def __init__(self, found: NetworkMap, homes: Mapping[str, str]) -> None:
        """*homes*: each place -> the other end of the link on which its first address is."""
        names = [place.name for place in found.places]
        graph: nx.Graph[str] = nx.Graph()
        for cable in found.cables:
            graph.add_edge(names[cable.one], names[cable.other], delay=cable.delay or 0.0)
        self._delay = {frozenset(ends): graph.edges[ends]["delay"] for ends in graph.edges}
        self._fastest = dict(nx.all_pairs_dijkstra_path_length(graph, weight="delay"))
        self._homes = homes

    def expected(self, one: str, other: str) -> float:
        """There and back, between the first addresses of both."""
        return self._way(one, other) + self._way(other, one)

    def _way(self, start: str, goal: str) -> float:
        """Packets go to the link of the goal's address, at whichever end is nearer, and over it."""
        beside = self._homes[goal]
        ways = self._fastest[start]
        if ways[beside] < ways[goal]:
            return float(ways[beside] + self._delay[frozenset((beside, goal))])
        return float(ways[goal])
