"""The graph that an experiment was described by, with its notes, as plain values (NEPI 14)."""

import ast
from dataclasses import dataclass, field
from typing import Any

from nepishell.core.errors import BadValue
from nepishell.formats.optional import load

Nid = int | str
#: Notes that are no plain value: addresses of a node, the network of an edge.
IPS, NET = "ips", "net"
_NET = {"mask": str, "network": str, "prefix": int}
#: No list of addresses is as long.
_MOST = 100_000


@dataclass(slots=True, kw_only=True)
class Topology:
    """*nodes*: (id, notes); *edges*: (id, id, notes). Notes are plain but for `ips` and `net`."""

    topo_type: str = "adhoc"
    nodes: list[tuple[Nid, dict[str, Any]]] = field(default_factory=list)
    edges: list[tuple[Nid, Nid, dict[str, Any]]] = field(default_factory=list)


def topology_of(netgraph: Any) -> Topology | None:
    """What a NetGraph holds; None for none."""
    if netgraph is None:
        return None
    graph = netgraph.topology
    return Topology(
        topo_type=str(netgraph.topo_type),
        nodes=[(nid, _notes(data)) for nid, data in graph.nodes(data=True)],
        edges=[(one, two, _notes(data)) for one, two, data in graph.edges(data=True)],
    )


def _notes(data: dict[str, Any]) -> dict[str, Any]:
    return {
        str(name): value for name, value in data.items()
        if isinstance(value, str | bool | int | float) or name in (IPS, NET)
    }  # fmt: skip


def netgraph_of(found: Topology) -> Any:
    """A NetGraph of it; loads networkx. Raises BadValue for an edge of a node that is not there."""
    known = {nid for nid, _ in found.nodes}
    pairs = [frozenset(edge[:2]) for edge in found.edges]
    kind = "MultiGraph" if len(set(pairs)) < len(pairs) else "Graph"
    graph = load(f"networkx:{kind}")()
    for nid, notes in found.nodes:
        graph.add_node(nid)
        graph.nodes[nid].update(notes)
    for one, two, notes in found.edges:
        if one not in known or two not in known:
            raise BadValue(f"the graph has an edge from {one!r} to {two!r}, but no such nodes")
        key = graph.add_edge(one, two)
        (graph.edges[one, two] if kind == "Graph" else graph.edges[one, two, key]).update(notes)
    netgraph: Any = load("nepishell.topologies.netgraph:NetGraph")(topology=graph)
    netgraph._type = found.topo_type
    return netgraph


def checked(name: str, value: object, ends: tuple[Nid, ...]) -> Any:
    """A note as a file gave it; *ends*: of an edge. Raises BadValue."""
    if name == IPS and not ends:
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return value
    elif name == NET and ends:
        if isinstance(value, dict) and _is_net(value, ends):
            return value
    elif isinstance(value, str | bool | int | float):
        return value
    raise BadValue(f"the note {name} of the graph is not what it should be")


def _is_net(value: dict[Any, Any], ends: tuple[Nid, ...]) -> bool:
    wanted: dict[Any, type] = {**dict.fromkeys(ends, str), **_NET}
    return value.keys() == wanted.keys() and all(
        type(value[name]) is kind for name, kind in wanted.items()
    )


def literal(text: str) -> object:
    """A list or dictionary as NEPI wrote it; nothing but literals is read. Raises BadValue."""
    try:
        if len(text) <= _MOST:
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        pass
    raise BadValue(f"'{text[:30]}' is neither a list nor a dictionary")
