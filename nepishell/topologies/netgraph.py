"""NetGraph: a network as a graph, made by type, read or built by hand (NEPI section 14).

An ExperimentController makes one from its own arguments and walks it: see automatic.py.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import networkx as nx

from nepishell.core.errors import BadValue, NepishellError
from nepishell.topologies.annotations import IPS, Annotated, Graph, Nid
from nepishell.topologies.p2p import pair_networks

SOURCE, TARGET = "source", "target"


class TopologyType:
    """The types that NEPI knows; more are made by name: see generators.py."""

    LINEAR = "linear"
    LADDER = "ladder"
    MESH = "mesh"
    TREE = "tree"
    STAR = "star"
    ADHOC = "adhoc"


class UnfitGraph(NepishellError, RuntimeError):
    """A graph that is not what was asked of it; NEPI raised RuntimeError."""


class NetGraph(Annotated):
    """A graph of a network.

    *topology*: a networkx graph, taken as it is. *topo_type* with *node_count* (STAR: and
    *branches*) makes one; with neither it is empty. *assign_ips*: give each edge a network out of
    *network*/*prefix* of IP *version*. *sources_targets*: {"sources": [...], "targets": [...]};
    else *assign_st* chooses one of each, the source among the leaves with *leaf_source*. *seed*: of
    that choice. Raises BadValue; UnfitGraph (a RuntimeError) where a graph cannot be addressed.
    """

    def __init__(
        self,
        *,
        topology: "Graph[Any] | None" = None,
        topo_type: str = TopologyType.ADHOC,
        node_count: int = 0,
        branches: int = 0,
        assign_ips: bool = False,
        network: str = "10.0.0.0",
        prefix: int = 8,
        version: int = 4,
        sources_targets: Mapping[str, Sequence[Nid]] | None = None,
        assign_st: bool = False,
        leaf_source: bool = False,
        seed: int | None = None,
    ) -> None:
        self._type = topo_type
        self._random = Random(seed)
        super().__init__(make(topo_type, node_count, branches) if topology is None else topology)
        if assign_ips:
            self.assign_p2p_ips(network=network, prefix=prefix, version=version)
        if sources_targets:
            for nid in sources_targets.get("sources", ()):
                self.set_source(nid)
            for nid in sources_targets.get("targets", ()):
                self.set_target(nid)
        elif assign_st:
            self.select_target_zero()
            self.select_random_source(is_leaf=leaf_source)

    # -- the graph -------------------------------------------------------------------------

    @property
    def topology(self) -> "Graph[Any]":
        """The networkx graph."""
        return self._graph

    @property
    def topo_type(self) -> str:
        """What it was made as."""
        return self._type

    @property
    def order(self) -> int:
        """How many nodes there are."""
        return len(self._graph)

    def nodes(self) -> list[Nid]:
        """All nodes, in order."""
        return list(self._graph.nodes())

    def edges(self) -> list[tuple[Nid, Nid]]:
        """All edges, in order; parallel ones each."""
        return list(self._graph.edges())

    def add_node(self, nid: Nid) -> None:
        """A node; nothing when it is there."""
        self._graph.add_node(nid)

    def add_edge(self, nid1: Nid, nid2: Nid) -> None:
        """An edge, and the nodes that are missing; nothing when it is there."""
        if not self._graph.has_edge(nid1, nid2):
            self._graph.add_edge(nid1, nid2)

    def leaves(self) -> list[Nid]:
        """The nodes with one edge."""
        return [nid for nid, degree in self._graph.degree() if degree == 1]

    # -- addresses -------------------------------------------------------------------------

    def assign_p2p_ips(
        self,
        network: str = "10.0.0.0",
        prefix: int = 8,
        version: int = 4,
        length: int | None = None,
    ) -> None:
        """Give each edge the next network of two ends, and its nodes their addresses in it.

        *length* of these networks: 30 or 31 (IPv6: 127). Raises UnfitGraph, BadValue.
        """
        if not self._graph or not nx.is_connected(self._graph):
            raise UnfitGraph("the graph is not connected: it cannot be addressed as one network")
        if version not in (4, 6):
            raise UnfitGraph(f"there is no IP version {version}; use 4 or 6")
        free = pair_networks(network, prefix, version, length)
        planned = [(nid1, nid2, next(free, None)) for nid1, nid2 in self.edges()]
        if any(pair is None for _, _, pair in planned):
            raise BadValue(f"{network}/{prefix} has no room for {len(planned)} links")
        for nid in self._graph:
            self._graph.nodes[nid][IPS] = []
        for nid1, nid2, pair in planned:
            if pair is not None:
                self.annotate_edge_net(nid1, nid2, *pair)
                self.annotate_node_ip(nid1, pair.first)
                self.annotate_node_ip(nid2, pair.second)

    # -- sources and targets ---------------------------------------------------------------

    def set_source(self, nid: Nid) -> None:
        """Traffic comes from *nid*."""
        self._node(nid)[SOURCE] = True

    def is_source(self, nid: Nid) -> bool:
        """Whether traffic comes from *nid*."""
        return bool(self._node(nid).get(SOURCE))

    def sources(self) -> list[Nid]:
        """Where traffic comes from."""
        return [nid for nid in self.nodes() if self.is_source(nid)]

    def set_target(self, nid: Nid) -> None:
        """Traffic goes to *nid*."""
        self._node(nid)[TARGET] = True

    def is_target(self, nid: Nid) -> bool:
        """Whether traffic goes to *nid*."""
        return bool(self._node(nid).get(TARGET))

    def targets(self) -> list[Nid]:
        """Where traffic goes to."""
        return [nid for nid in self.nodes() if self.is_target(nid)]

    def select_target_zero(self) -> None:
        """Node 0, or "0", is a target; raises UnknownName."""
        self.set_target("0" if "0" in self._graph else 0)

    def select_random_source(self, *, is_leaf: bool = False) -> None:
        """One of those that are neither source nor target becomes a source.

        With *is_leaf* only a node with one edge; of a ladder, one of the two far corners.
        """
        free = [nid for nid in self.nodes() if not self.is_source(nid) and not self.is_target(nid)]
        if self._type == TopologyType.LADDER:
            corners = (self.order // 2 - 1, self.order // 2)
            free = [nid for nid in free if nid in corners]
        elif is_leaf:
            leaves = set(self.leaves())
            free = [nid for nid in free if nid in leaves]
        if not free:
            raise UnfitGraph("no node is left that could be a source")
        self.set_source(self._random.choice(free))


def make(topo_type: str, node_count: int, branches: int = 0) -> "Graph[Any]":
    """The graph of one of NEPI's types; raises BadValue."""
    if topo_type == TopologyType.ADHOC:
        return nx.Graph()
    makers: dict[str, Callable[[], Graph[Any]]] = {
        TopologyType.LINEAR: lambda: nx.path_graph(node_count),
        TopologyType.LADDER: lambda: nx.ladder_graph(node_count // 2),
        TopologyType.MESH: lambda: nx.complete_graph(node_count),
        TopologyType.TREE: lambda: nx.balanced_tree(2, _height(node_count)),
        TopologyType.STAR: lambda: _star(node_count, branches),
    }
    if topo_type not in makers:
        raise BadValue(f"there is no topology type '{topo_type}'; use one of {', '.join(makers)}")
    if isinstance(node_count, bool) or not isinstance(node_count, int) or node_count < 1:
        raise BadValue(f"node_count is {node_count!r}; write how many nodes, from 1")
    return makers[topo_type]()


def _height(node_count: int) -> int:
    """Of the largest binary tree with at most so many nodes."""
    return int(math.log2(node_count + 1)) - 1


def _star(node_count: int, branches: int) -> "Graph[int]":
    """Node 0, and arms of equal length around it."""
    if branches < 1:
        raise BadValue(f"branches is {branches!r}; write how many arms a star has, from 1")
    graph: Graph[int] = nx.Graph()
    graph.add_node(0)
    length = (node_count - 1) // branches
    for arm in range(branches):
        first = 1 + arm * length
        graph.add_edges_from(pairwise([0, *range(first, first + length)]))
    return graph
