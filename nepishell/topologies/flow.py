"""The cheapest placement where requests rate hosts differently: a flow of least cost."""

from collections.abc import Mapping, Sequence
from heapq import nsmallest
from typing import Any

import networkx as nx

#: The flow wants whole numbers: the steps between the cheapest and the dearest host.
_STEPS = 1_000_000_000

#: Requests that want the same: their hosts, what each costs (0: not named), how many they are.
Group = tuple[Sequence[Any], Mapping[Any, float], int]


def cheapest_flow(groups: Sequence[Group]) -> list[list[Any]]:
    """The hosts of each group, at the least total cost; a placement must exist.

    Of each group only as many of its best hosts matter as there are requests in all: who has a
    worse one can swap it for a better one that nobody has.
    """
    demand = sum(count for _, _, count in groups)
    best = [
        nsmallest(demand, named, key=lambda host, costs=costs: costs.get(host, 0.0))  # type: ignore[misc]
        for named, costs, _ in groups
    ]
    all_costs = [
        costs.get(host, 0.0)
        for (_, costs, _), hosts in zip(groups, best, strict=True)
        for host in hosts
    ]
    low, high = min(all_costs), max(all_costs)
    scale = _STEPS / (high - low) if high > low else 0.0
    graph: nx.DiGraph[object] = nx.DiGraph()
    graph.add_node("sink", demand=demand)
    for number, ((_, costs, count), hosts) in enumerate(zip(groups, best, strict=True)):
        graph.add_node(("class", number), demand=-count)
        for host in hosts:
            weight = round((costs.get(host, 0.0) - low) * scale)
            graph.add_edge(("class", number), ("host", host), capacity=1, weight=weight)
            graph.add_edge(("host", host), "sink", capacity=1, weight=0)
    _, flow = nx.network_simplex(graph)
    return [
        [host for host in hosts if flow["class", number]["host", host]]
        for number, hosts in enumerate(best)
    ]
