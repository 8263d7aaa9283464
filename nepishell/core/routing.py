"""Which way packets go: static routes over the segments of a lab, by least cost, then fewest hops.

Hosts never forward; routers do. From each segment one search over the routers (Dijkstra) finds,
for every other segment, the router to hand packets to. Ties go to the segment and the port that
were connected first, so that the same lab always has the same routes.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from ipaddress import IPv4Network, IPv6Network
from typing import NamedTuple

from nepishell.core.prefixes import Prefixes

Network = IPv4Network | IPv6Network

#: Above this many routes a router's are merged where that leaves fewer.
_READABLE_ROUTES = 64


class Hop(NamedTuple):
    """Packets for *network* ("10.0.2.0/24" or "default") go to the neighbour *via*."""

    network: str
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedSegment:
    """A network and the address that each of its nodes has in it, in order of connection.

    *cost*: of passing it, a whole number, so that sums are exact; 0 leaves hops to decide.
    """

    network: Network
    ports: Mapping[Hashable, str]
    cost: int = 0


def plan_routes(
    segments: Sequence[RoutedSegment], routers: Iterable[Hashable]
) -> dict[Hashable, tuple[Hop, ...]]:
    """The routes of every node that needs any; a node with one way out gets one default route.

    Only hosts get a default route: two routers that point at each other by default would pass
    packets for unknown networks to and fro until they die.
    """
    forwarding = frozenset(routers)
    if not forwarding:
        return {}
    plan = _Plan(segments, forwarding)
    for goal in range(len(segments)):
        plan.search(goal)
    return plan.routes()


class _Plan:
    """What is known of all searches so far: for each node, the way to each segment."""

    def __init__(self, segments: Sequence[RoutedSegment], forwarding: frozenset[Hashable]) -> None:
        self._segments = segments
        self._forwarding = forwarding
        self._attached: dict[Hashable, list[int]] = {}
        for index, segment in enumerate(segments):
            for node in segment.ports:
                self._attached.setdefault(node, []).append(index)
        self._routers = [
            [node for node in segment.ports if node in forwarding] for segment in segments
        ]
        #: hosts that are in the same segments go the same ways
        self._alike: dict[tuple[int, ...], list[Hashable]] = {}
        for node, own in self._attached.items():
            if node not in forwarding:
                self._alike.setdefault(tuple(own), []).append(node)
        self._found: dict[Hashable, dict[int, str]] = {}

    def search(self, goal: int) -> None:
        """From the segment *goal* outwards: the nearest are reached first."""
        segments, costs = self._segments, [segment.cost for segment in self._segments]
        found = self._found
        reached: dict[int, tuple[int, int, int, str]] = {goal: (0, 0, -1, "")}
        done: set[Hashable] = set()
        left = [(0, 0, goal)]
        while left:
            cost, hops, here = heappop(left)
            if reached[here][:2] != (cost, hops):
                continue  # a shorter way was found since
            for node in self._routers[here]:
                if node in done:
                    continue
                done.add(node)
                if here != goal:
                    found.setdefault(node, {})[goal] = reached[here][3]
                for beyond in self._attached[node]:
                    way = (cost + costs[beyond], hops + 1, beyond)
                    if beyond not in reached or way < reached[beyond][:3]:
                        reached[beyond] = (*way, segments[beyond].ports[node])
                        heappush(left, way)
        for own, hosts in self._alike.items():
            if goal not in own:
                via = min((reached[s] for s in own if s in reached), default=None)
                if via is not None:
                    found.setdefault(hosts[0], {})[goal] = via[3]

    def routes(self) -> dict[Hashable, tuple[Hop, ...]]:
        """The routes of every node that needs any."""
        prefixes = Prefixes([segment.network for segment in self._segments])
        routes = {}
        for node in self._attached:
            ways = self._found.get(node)
            if not ways:
                continue
            if node in self._forwarding:
                routes[node] = self._of_router(node, ways, prefixes)
            else:
                own = tuple(self._attached[node])
                hops = self._of_host(ways)
                routes.update(dict.fromkeys(self._alike[own], hops))
        return {node: routes[node] for node in self._attached if node in routes}

    def _of_host(self, ways: Mapping[int, str]) -> tuple[Hop, ...]:
        gateways = set(ways.values())
        if len(gateways) == 1:
            return (Hop("default", gateways.pop()),)
        return self._plain(ways)

    def _of_router(
        self, node: Hashable, ways: Mapping[int, str], prefixes: Prefixes
    ) -> tuple[Hop, ...]:
        if len(ways) <= _READABLE_ROUTES:
            return self._plain(ways)
        merged = prefixes.merged(ways, frozenset(self._attached[node]))
        return tuple(Hop(network, str(via)) for network, via in merged)

    def _plain(self, ways: Mapping[int, str]) -> tuple[Hop, ...]:
        return tuple(Hop(str(self._segments[goal].network), via) for goal, via in ways.items())
