"""Notes on nodes and edges of a graph: plain values under a name (NEPI section 14).

They are the data of the networkx graph, so that what networkx reads or writes sees them, too.
"""

from collections.abc import Mapping
from typing import Any

import networkx as nx

from nepishell.core.errors import NepishellError, UnknownName

#: What a graph calls its nodes: a number or a name.
Nid = int | str
#: What a note may be; more than that could not be written into a file.
Plain = str | int | float | bool
Graph = nx.Graph  # any kind of it; its type parameter says nothing here

IPS, NET = "ips", "net"


class NotPlain(NepishellError, RuntimeError):
    """An annotation that is no string, number or truth value; NEPI raised RuntimeError."""


def _checked(name: str, value: object) -> Plain:
    if not isinstance(value, str | int | float | bool):
        kind = type(value).__name__
        raise NotPlain(f"annotation '{name}' is a {kind}; use a string, number or boolean")
    return value


class Annotated:
    """A graph whose nodes and edges bear notes."""

    def __init__(self, graph: "Graph[Any]") -> None:
        self._graph = graph

    # -- nodes -----------------------------------------------------------------------------

    def _node(self, nid: Nid) -> dict[str, Any]:
        if nid not in self._graph:
            raise UnknownName(f"the graph has no node '{nid}'")
        found: dict[str, Any] = self._graph.nodes[nid]
        return found

    def annotate_node(self, nid: Nid, name: str, value: Plain) -> None:
        """Write *value* on a node; raises NotPlain (a RuntimeError), UnknownName."""
        self._node(nid)[name] = _checked(name, value)

    def node_annotation(self, nid: Nid, name: str) -> Any:
        """What is written on a node under *name*; None when nothing is."""
        return self._node(nid).get(name)

    def node_annotations(self, nid: Nid) -> list[str]:
        """The names of what is written on a node."""
        return list(self._node(nid))

    def del_node_annotation(self, nid: Nid, name: str) -> None:
        """Wipe it off; nothing when it is not there."""
        self._node(nid).pop(name, None)

    def annotate_node_ip(self, nid: Nid, ip: str) -> None:
        """One more address of a node."""
        self._node(nid).setdefault(IPS, []).append(ip)

    def node_ip_annotations(self, nid: Nid) -> list[str]:
        """The addresses of a node."""
        return list(self._node(nid).get(IPS, ()))

    # -- edges -----------------------------------------------------------------------------

    def _edge(self, nid1: Nid, nid2: Nid) -> dict[str, Any]:
        if not self._graph.has_edge(nid1, nid2):
            raise UnknownName(f"the graph has no edge between '{nid1}' and '{nid2}'")
        found: dict[Any, Any] = self._graph[nid1][nid2]
        # of parallel edges the first one speaks
        return next(iter(found.values())) if self._graph.is_multigraph() else found

    def annotate_edge(self, nid1: Nid, nid2: Nid, name: str, value: Plain) -> None:
        """Write *value* on an edge; raises NotPlain (a RuntimeError), UnknownName."""
        self._edge(nid1, nid2)[name] = _checked(name, value)

    def edge_annotation(self, nid1: Nid, nid2: Nid, name: str) -> Any:
        """What is written on an edge under *name*; None when nothing is."""
        return self._edge(nid1, nid2).get(name)

    def edge_annotations(self, nid1: Nid, nid2: Nid) -> list[str]:
        """The names of what is written on an edge."""
        return list(self._edge(nid1, nid2))

    def del_edge_annotation(self, nid1: Nid, nid2: Nid, name: str) -> None:
        """Wipe it off; nothing when it is not there."""
        self._edge(nid1, nid2).pop(name, None)

    def annotate_edge_net(
        self, nid1: Nid, nid2: Nid, ip1: str, ip2: str, mask: str, network: str, prefixlen: int
    ) -> None:
        """The network of an edge, and the address of each end in it."""
        self._edge(nid1, nid2)[NET] = {
            nid1: ip1, nid2: ip2, "mask": mask, "network": network, "prefix": prefixlen,
        }  # fmt: skip

    def edge_net_annotation(self, nid1: Nid, nid2: Nid) -> Mapping[Nid, Any] | None:
        """{nid1: ip1, nid2: ip2, "mask", "network", "prefix"}; None without addresses."""
        found: Mapping[Nid, Any] | None = self._edge(nid1, nid2).get(NET)
        return found

    def get_p2p_info(self, nid1: Nid, nid2: Nid) -> tuple[str, str, str, str, int]:
        """(address of *nid1*, address of *nid2*, mask, network, prefix length)."""
        net = self.edge_net_annotation(nid1, nid2)
        if net is None:
            raise UnknownName(f"the edge between '{nid1}' and '{nid2}' has no addresses")
        return net[nid1], net[nid2], net["mask"], net["network"], net["prefix"]
