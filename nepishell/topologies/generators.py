"""Graphs by name: lines, trees, data centres, random ones; each a function of its parameters.

A node may bear a name and a kind; else leaves are hosts h1, h2, ... and all others routers r1, ...
"""

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import count, pairwise
from random import Random
from typing import Any

import networkx as nx

from nepishell.core.attributes import Value
from nepishell.core.errors import BadValue, UnknownName, did_you_mean
from nepishell.core.ids import check_label
from nepishell.topologies.annotations import Graph
from nepishell.topologies.catalogue import KINDS, MOST_LINKS, MOST_NODES
from nepishell.topologies.model import HOST, ROUTER, Cable, NetworkMap, Place

NAME, KIND = "name", "kind"


def generate(kind: str, given: Mapping[str, Value] | None = None, *, hosts: int = 0) -> NetworkMap:
    """The map that generator *kind* makes of the parameters *given*.

    *hosts*: how many hosts each router without one gets. Raises UnknownName, BadValue.
    """
    if kind not in KINDS:
        raise UnknownName(f"no topology '{kind}'{did_you_mean(kind, KINDS)}")
    values: dict[str, Any] = {}
    for name, attribute in KINDS[kind].parameters.items():
        value = (given or {}).get(name)
        values[name] = attribute.default if value is None else attribute.parse(value)
        if attribute.required and values[name] is None:
            raise BadValue(f"topology {kind} needs {name}: {attribute.help}")
    graph = _MAKERS[kind](**values)
    apart = _join_parts(graph)
    if hosts:
        _add_hosts(graph, hosts)
    if len(graph) > MOST_NODES or graph.number_of_edges() > MOST_LINKS:
        raise BadValue(
            f"topology {kind} would have {len(graph):,} nodes and {graph.number_of_edges():,} "
            f"links; at most {MOST_NODES:,} and {MOST_LINKS:,} are made at once"
        )
    assumed = (f"{apart} parts that were not joined got a link between them",) if apart > 1 else ()
    return _as_map(kind, graph, assumed)


def _as_map(kind: str, graph: "Graph[Any]", assumed: tuple[str, ...]) -> NetworkMap:
    taken = {data[NAME] for _, data in graph.nodes(data=True) if NAME in data}
    free = {role: _free(role[0], taken) for role in (HOST, ROUTER)}
    places: list[Place] = []
    for node, data in graph.nodes(data=True):
        role = data.get(KIND) or (HOST if graph.degree(node) < 2 else ROUTER)
        places.append(Place(data.get(NAME) or next(free[role]), role))
    numbers = {node: number for number, node in enumerate(graph)}
    cables = tuple(Cable(numbers[one], numbers[other]) for one, other in graph.edges())
    return NetworkMap(name=kind, places=tuple(places), cables=cables, assumed=assumed)


def _free(letter: str, taken: set[str]) -> Iterator[str]:
    return (name for number in count(1) if (name := f"{letter}{number}") not in taken)


def _add_hosts(graph: "Graph[Any]", each: int) -> None:
    """Make routers of all that are not said to be hosts, and give each of them hosts."""
    routers = [node for node, data in graph.nodes(data=True) if data.get(KIND) != HOST]
    for node in routers:
        graph.nodes[node][KIND] = ROUTER
        for number in range(each):
            host = ("host", node, number)
            graph.add_node(host, **{KIND: HOST})
            graph.add_edge(node, host)


def _join_parts(graph: "Graph[Any]") -> int:
    """How many parts there were; each is joined to the one before it by its first node."""
    parts = list(nx.connected_components(graph))
    firsts = [next(node for node in graph if node in part) for part in parts]
    graph.add_edges_from(pairwise(firsts))
    return len(parts)


# -- the generators ------------------------------------------------------------------------


def _tree(depth: int, fanout: int) -> "Graph[Any]":
    count = sum(fanout**level for level in range(depth + 1))
    _check(count, count - 1, "tree")
    return nx.balanced_tree(fanout, depth)


def _star(arms: int, length: int) -> "Graph[Any]":
    _check(arms * length, arms * length, "star")
    graph: Graph[Any] = nx.Graph()
    graph.add_node(0)
    for arm in range(arms):
        nx.add_path(graph, [0, *range(1 + arm * length, 1 + (arm + 1) * length)])
    return graph


def _grid(rows: int, columns: int, *, periodic: bool = False) -> "Graph[Any]":
    _check(rows * columns, 2 * rows * columns, "torus" if periodic else "grid")
    return nx.grid_2d_graph(rows, columns, periodic=periodic)


def _torus(rows: int, columns: int) -> "Graph[Any]":
    return _grid(rows, columns, periodic=True)


def _dumbbell(left: int, right: int) -> "Graph[Any]":
    graph: Graph[Any] = nx.Graph()
    sides = (("left", left), ("right", right))
    for side, _ in sides:
        graph.add_node(side, **{NAME: side, KIND: ROUTER})
    graph.add_edge("left", "right")
    for side, hosts in sides:
        for number in range(hosts):
            host = f"{side[0]}{number + 1}"
            graph.add_node(host, **{NAME: host, KIND: HOST})
            graph.add_edge(host, side)
    return graph


def _fat_tree(ports: int) -> "Graph[Any]":
    """Al-Fares et al., A scalable, commodity data center network architecture, SIGCOMM 2008."""
    if ports % 2:
        raise BadValue(f"a fat-tree needs an even number of ports; {ports} is odd")
    half = ports // 2
    _check(5 * half * half + 2 * half**3, 3 * ports * half * half, "fat-tree")
    graph: Graph[Any] = nx.Graph()
    for number in range(half * half):
        graph.add_node(("core", number), **{NAME: f"core{number + 1}", KIND: ROUTER})
    for pod in range(ports):
        for number in range(half):
            above, below = ("agg", pod, number), ("edge", pod, number)
            name = f"{pod + 1}-{number + 1}"
            graph.add_node(above, **{NAME: f"agg{name}", KIND: ROUTER})
            graph.add_node(below, **{NAME: f"edge{name}", KIND: ROUTER})
        for one in range(half):
            graph.add_edges_from(
                (("core", one * half + each), ("agg", pod, one)) for each in range(half)
            )
            graph.add_edges_from((("agg", pod, one), ("edge", pod, each)) for each in range(half))
        for number in range(half):
            for server in range(half):
                host = ("host", pod, number, server)
                graph.add_node(host, **{NAME: f"h{pod + 1}-{number + 1}-{server + 1}", KIND: HOST})
                graph.add_edge(("edge", pod, number), host)
    return graph


def _leaf_spine(spines: int, leaves: int, servers: int) -> "Graph[Any]":
    _check(spines + leaves * (1 + servers), leaves * (spines + servers), "leaf-spine")
    graph: Graph[Any] = nx.Graph()
    for spine in range(spines):
        graph.add_node(("spine", spine), **{NAME: f"spine{spine + 1}", KIND: ROUTER})
    for leaf in range(leaves):
        graph.add_node(("leaf", leaf), **{NAME: f"leaf{leaf + 1}", KIND: ROUTER})
        graph.add_edges_from((("spine", spine), ("leaf", leaf)) for spine in range(spines))
        for server in range(servers):
            host = ("host", leaf, server)
            graph.add_node(host, **{NAME: f"h{leaf + 1}-{server + 1}", KIND: HOST})
            graph.add_edge(("leaf", leaf), host)
    return graph


def _barabasi_albert(nodes: int, attach: int, seed: int) -> "Graph[Any]":
    if attach >= nodes:
        raise BadValue(f"attach is {attach}, but there are only {nodes} nodes; use less")
    return nx.barabasi_albert_graph(nodes, attach, seed=seed)


def _waxman(nodes: int, alpha: float, beta: float, seed: int) -> "Graph[Any]":
    """Waxman, Routing of multipoint connections, IEEE JSAC 6(9), 1988, on the unit square."""
    random = Random(seed)
    at = [(random.random(), random.random()) for _ in range(nodes)]
    graph: Graph[Any] = nx.Graph()
    graph.add_nodes_from(range(nodes))
    reach = alpha * math.sqrt(2)
    for one in range(nodes):
        for other in range(one):
            distance = math.dist(at[one], at[other])
            chance = beta * math.exp(-distance / reach) if reach else 0.0
            if random.random() < chance:
                graph.add_edge(other, one)
                if graph.number_of_edges() > MOST_LINKS:
                    raise BadValue(f"more than {MOST_LINKS:,} links; use a smaller alpha or beta")
    return graph


def _random_regular(nodes: int, degree: int, seed: int) -> "Graph[Any]":
    if degree >= nodes or nodes * degree % 2:
        raise BadValue(
            f"no graph has {nodes} nodes with {degree} links each; "
            f"degree must be below nodes, and one of both even"
        )
    graph: Graph[Any] = nx.random_regular_graph(degree, nodes, seed=seed)
    return graph


def _adhoc(edges: str) -> "Graph[Any]":
    graph: Graph[Any] = nx.Graph()
    for pair in edges.split(","):
        one, dash, other = pair.strip().partition("-")
        if not dash or not other or one == other:
            raise BadValue(f"'{pair}' is not a pair of names; write edges=a-b,b-c")
        for name in (one, other):
            graph.add_node(check_label(name), **{NAME: name})
        graph.add_edge(one, other)
    return graph


def _check(nodes: int, links: int, kind: str) -> None:
    """Refuse what would be too large before it is made."""
    if nodes > MOST_NODES or links > MOST_LINKS:
        raise BadValue(
            f"topology {kind} would have {nodes:,} nodes and {links:,} links; "
            f"at most {MOST_NODES:,} and {MOST_LINKS:,} are made at once"
        )


_MAKERS: Mapping[str, Callable[..., "Graph[Any]"]] = {
    "linear": lambda nodes: nx.path_graph(nodes),
    "ladder": lambda rungs: nx.ladder_graph(rungs),
    "mesh": lambda nodes: nx.complete_graph(nodes),
    "tree": _tree,
    "star": _star,
    "ring": lambda nodes: nx.cycle_graph(nodes),
    "grid": _grid,
    "torus": _torus,
    "dumbbell": _dumbbell,
    "fat-tree": _fat_tree,
    "leaf-spine": _leaf_spine,
    "barabasi-albert": _barabasi_albert,
    "waxman": _waxman,
    "random-regular": _random_regular,
    "adhoc": _adhoc,
}
