"""The cheapest placement of requests that rate hosts differently."""

import networkx as nx
from hypothesis import assume, given
from hypothesis import strategies as st

from nepishell.topologies.flow import Group, cheapest_flow


def test_each_group_gets_what_costs_the_whole_least() -> None:
    near = {"a": 1.0, "b": 5.0}
    far = {"a": 0.0, "b": 0.5}
    # the second would rather have a, but the first loses more without it
    assert cheapest_flow([(["a", "b"], near, 1), (["a", "b"], far, 1)]) == [["a"], ["b"]]


def test_equal_costs_are_served_all_the_same() -> None:
    found = cheapest_flow([(["a", "b", "c"], {}, 2), (["c"], {}, 1)])
    assert sorted(found[0]) == ["a", "b"]
    assert found[1] == ["c"]


def cost_of(groups: list[Group], found: list[list[int]]) -> float:
    return sum(
        costs.get(host, 0.0)
        for (_, costs, _), hosts in zip(groups, found, strict=True)
        for host in hosts
    )


def by_simplex(groups: list[Group]) -> float | None:
    """The least cost in whole numbers, by networkx; None where no placement exists."""
    graph: nx.DiGraph[object] = nx.DiGraph()
    graph.add_node("sink", demand=sum(count for _, _, count in groups))
    for number, (named, costs, count) in enumerate(groups):
        graph.add_node(("group", number), demand=-count)
        for host in named:
            weight = int(costs.get(host, 0.0))
            graph.add_edge(("group", number), host, capacity=1, weight=weight)
            graph.add_edge(host, "sink", capacity=1, weight=0)
    try:
        return float(nx.network_simplex(graph)[0])
    except nx.NetworkXUnfeasible:
        return None


@given(st.data())
def test_no_placement_is_cheaper(data: st.DataObject) -> None:
    hosts = range(data.draw(st.integers(1, 9)))
    groups: list[Group] = []
    for _ in range(data.draw(st.integers(1, 4))):
        named = data.draw(st.lists(st.sampled_from(hosts), min_size=1, unique=True))
        costs = data.draw(st.dictionaries(st.sampled_from(hosts), st.integers(-3, 4).map(float)))
        groups.append((named, costs, data.draw(st.integers(1, len(named)))))
    least = by_simplex(groups)
    assume(least is not None)
    found = cheapest_flow(groups)
    assert cost_of(groups, found) == least
    used = [host for held in found for host in held]
    assert len(used) == len(set(used))
    for (named, _, count), held in zip(groups, found, strict=True):
        assert len(held) == count
        assert set(held) <= set(named)
