"""Which way packets go: static routes over the segments of a lab, by fewest hops.

Hosts never forward; routers do. From each segment one breadth-first search over the routers finds,
for every other segment, the router to hand packets to. Ties go to the segment and the port that
were connected first, so that the same lab always has the same routes.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import NamedTuple

Network = IPv4Network | IPv6Network

#: Above this many routes a router's are merged where the networks are adjacent.
_READABLE_ROUTES = 64


class Hop(NamedTuple):
    """Packets for *network* ("10.0.2.0/24" or "default") go to the neighbour *via*."""

    network: str
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedSegment:
    """A network and the address that each of its nodes has in it, in order of connection."""

    network: Network
    ports: Mapping[Hashable, str]


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
    attached: dict[Hashable, list[int]] = {}
    for index, segment in enumerate(segments):
        for node in segment.ports:
            attached.setdefault(node, []).append(index)
    found: dict[Hashable, list[tuple[Network, str]]] = {}
    for index, segment in enumerate(segments):
        ways = _ways_to(index, segments, attached, forwarding)
        for node, own in attached.items():
            via = min((ways[s] for s in own if s in ways), default=None)
            if via is not None and index not in own:
                found.setdefault(node, []).append((segment.network, via.address))
    return {
        node: _merged(hops) if node in forwarding else _defaulted(hops)
        for node, hops in found.items()
    }


class _Way(NamedTuple):
    """How a segment reaches the goal: in so many hops, first to this address."""

    hops: int
    order: int
    address: str


def _ways_to(
    goal: int,
    segments: Sequence[RoutedSegment],
    attached: Mapping[Hashable, Sequence[int]],
    forwarding: frozenset[Hashable],
) -> dict[int, _Way]:
    ways: dict[int, _Way] = {}
    reached = {goal}
    queue = deque([(goal, 0)])
    while queue:
        here, hops = queue.popleft()
        for node in segments[here].ports:
            if node not in forwarding:
                continue
            for beyond in attached[node]:
                if beyond not in reached:
                    reached.add(beyond)
                    ways[beyond] = _Way(hops + 1, beyond, segments[beyond].ports[node])
                    queue.append((beyond, hops + 1))
    return ways


def _defaulted(hops: Sequence[tuple[Network, str]]) -> tuple[Hop, ...]:
    gateways = {via for _, via in hops}
    if len(gateways) == 1:
        return (Hop("default", gateways.pop()),)
    return tuple(Hop(str(network), via) for network, via in hops)


def _merged(hops: Sequence[tuple[Network, str]]) -> tuple[Hop, ...]:
    if len(hops) <= _READABLE_ROUTES:
        return tuple(Hop(str(network), via) for network, via in hops)
    by_gateway: dict[str, list[Network]] = {}
    for network, via in hops:
        by_gateway.setdefault(via, []).append(network)
    return tuple(
        Hop(str(network), via)
        for via, networks in by_gateway.items()
        for network in collapse_addresses(networks)  # type: ignore[type-var]
    )
