"""What every host of the lab must know of the others: names, and the way to them."""

from collections.abc import Hashable, Iterator, Mapping
from ipaddress import ip_interface
from threading import Lock
from typing import TYPE_CHECKING

from nepishell.core.attributes import Value
from nepishell.core.routing import RoutedSegment, plan_routes
from nepishell.hosts.netns.model import Port, Route

if TYPE_CHECKING:
    from nepishell.resources.netns.network import Network
    from nepishell.resources.netns.node import NetnsNode

Plugs = Mapping[tuple[int, int], Port]


class Publisher:
    """Computes names and routes from what is plugged in, and tells the lab what changed."""

    def __init__(self, network: "Network") -> None:
        self._network = network
        self._turn = Lock()  # the last one to publish has seen the latest
        self._routes: dict[int, list[Route]] = {}
        self._names: dict[str, list[str]] = {}

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
        routes: dict[str, list[Route]] = {}
        for version in (4, 6):
            segments = list(_segments(plugs, version))
            for host, hops in plan_routes(segments, routers).items():
                found = routes.setdefault(str(host), [])
                found.extend(Route(network=hop.network, via=hop.via) for hop in hops)
        for node in nodes:
            wanted = routes.get(node.lab_name, []) if value(node, "routes") == "auto" else []
            if wanted != self._routes.get(node.guid, []) and not node.releasing:
                self._network.lab.set_routes(node.lab_name, wanted)
                self._routes[node.guid] = wanted


def _segments(plugs: Plugs, version: int) -> Iterator[RoutedSegment]:
    """The networks that are plugged together, each with the first address of each host in it."""
    by_segment: dict[int, list[Port]] = {}
    for (segment, _), port in plugs.items():
        by_segment.setdefault(segment, []).append(port)
    for _, ports in sorted(by_segment.items()):
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
            yield RoutedSegment(network=network, ports=there)
