"""What every host of the lab must know of the others: names, and the way to them."""

from collections.abc import Hashable, Iterator, Mapping
from ipaddress import ip_interface
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from nepishell.core.attributes import Value
from nepishell.core.routing import RoutedSegment, plan_routes
from nepishell.hosts.netns.model import Port, Route

if TYPE_CHECKING:
    from nepishell.resources.netns.network import Network
    from nepishell.resources.netns.node import NetnsNode
    from nepishell.resources.netns.segment import Segment

#: Of a host that may have old routes or new ones.
_UNKNOWN = [Route(network="?", via="?")]

Plugs = Mapping[tuple[int, int], Port]


class _Planned(NamedTuple):
    """Routes, and for what they were planned."""

    asked: tuple[Plugs, list[str], dict[int, int]]
    routes: dict[str, list[Route]]


class Publisher:
    """Computes names and routes from what is plugged in, and tells the lab what changed."""

    def __init__(self, network: "Network") -> None:
        self._network = network
        self._turn = Lock()  # the last one to publish has seen the latest
        self._routes: dict[int, list[Route]] = {}
        self._names: dict[str, list[str]] = {}
        self._planned_before: dict[str, _Planned] = {}

    @property
    def routes(self) -> int:
        """How many were told."""
        return sum(map(len, self._routes.values()))

    def forget(self, node: int) -> None:
        """The host of *node* is gone, with its routes."""
        self._routes.pop(node, None)

    def publish(self, nodes: "list[NetnsNode]", changed: Mapping[tuple[int, str], Value]) -> None:
        """Tell the lab; *changed* attributes of nodes are taken instead of their values."""
        with self._turn:
            plugs = self._network.plugs()
            names = self._all_names(plugs)
            if names != self._names:
                self._network.lab.set_names(names)
                self._names = names
            self._publish_routes(nodes, plugs, changed)

    def _all_names(self, plugs: Plugs) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for (_, owner), port in sorted(plugs.items()):
            addresses = [cidr.partition("/")[0] for cidr in port.addresses]
            names.setdefault(port.host, []).extend(addresses)
            part = self._network.parts.get(owner)
            if part is not None and part.label not in ("", port.host):
                names.setdefault(part.label, []).extend(addresses)
        return names

    def _publish_routes(
        self,
        nodes: "list[NetnsNode]",
        plugs: Plugs,
        changed: Mapping[tuple[int, str], Value],
    ) -> None:
        def value(node: "NetnsNode", name: str) -> Value:
            found: Value = changed.get((node.guid, name), node.get(name))
            return found

        routers = [node.lab_name for node in nodes if value(node, "forwarding")]
        by = {node.guid: "none" if node.has_daemon else value(node, "routes") for node in nodes}
        routes = {metric: self._planned(plugs, routers, metric) for metric in {*by.values()}}
        told: dict[str, list[Route]] = {}
        for node in nodes:
            wanted = routes[by[node.guid]].get(node.lab_name, [])
            if wanted != self._routes.get(node.guid, []) and not node.releasing:
                told[node.lab_name] = wanted
                self._routes[node.guid] = wanted
        if told:
            self._tell(nodes, told)

    def _tell(self, nodes: "list[NetnsNode]", told: dict[str, list[Route]]) -> None:
        try:
            self._network.lab.set_all_routes(told)
        except BaseException:
            # nobody knows who has which: the next time they are told anew
            for node in nodes:
                if node.lab_name in told:
                    self._routes[node.guid] = _UNKNOWN
            raise

    def _planned(self, plugs: Plugs, routers: list[str], metric: Value) -> dict[str, list[Route]]:
        """The routes of each host by *metric*, a value of a node's `routes`."""
        routes: dict[str, list[Route]] = {}
        if metric == "none":
            return routes
        costs = self._costs(plugs, metric)
        known = self._planned_before.get(str(metric))
        if known is not None and known.asked == (plugs, routers, costs):
            return known.routes
        for version in (4, 6):
            segments = list(_segments(plugs, version, costs))
            for host, hops in plan_routes(segments, routers).items():
                found = routes.setdefault(str(host), [])
                found.extend(Route(network=hop.network, via=hop.via) for hop in hops)
        self._planned_before[str(metric)] = _Planned((dict(plugs), routers, costs), routes)
        return routes

    def _costs(self, plugs: Plugs, metric: Value) -> dict[int, int]:
        """What passing each segment costs; those that are down are not in it."""
        costs: dict[int, int] = {}
        for guid in {segment for segment, _ in plugs}:
            segment: Segment | None = self._network.parts.get(guid)  # type: ignore[assignment]
            cost = 0 if segment is None else segment.cost(str(metric))
            if cost is not None:
                costs[guid] = cost
        return costs


def _segments(plugs: Plugs, version: int, costs: Mapping[int, int]) -> Iterator[RoutedSegment]:
    """The networks that are plugged together, each with the first address of each host in it."""
    by_segment: dict[int, list[Port]] = {}
    for (segment, _), port in plugs.items():
        if segment in costs:
            by_segment.setdefault(segment, []).append(port)
    for guid, ports in sorted(by_segment.items()):
        addresses = [
            (port.host, address)
            for port in ports
            for address in map(ip_interface, port.addresses)
            if address.version == version
        ]
        # a switch may carry several networks that the user named
        for network in dict.fromkeys(address.network for _, address in addresses):
            there: dict[Hashable, str] = {}
            for host, address in addresses:
                if address.network == network:
                    there.setdefault(host, str(address.ip))
            yield RoutedSegment(network=network, ports=there, cost=costs[guid])
