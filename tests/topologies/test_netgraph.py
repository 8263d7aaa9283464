"""NetGraph: NEPI's interface and types (section 14), without its bugs."""

from typing import Any

import networkx as nx
import pytest

from nepishell.core.errors import BadValue
from nepishell.topologies.netgraph import NetGraph, TopologyType


@pytest.mark.parametrize(
    ("topo_type", "count", "edges"),
    [
        (TopologyType.LINEAR, 3, [(0, 1), (1, 2)]),
        (TopologyType.LADDER, 4, [(0, 1), (0, 2), (1, 3), (2, 3)]),
        (TopologyType.MESH, 3, [(0, 1), (0, 2), (1, 2)]),
        (TopologyType.TREE, 7, [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)]),
    ],
)
def test_each_type_is_what_nepi_made(
    topo_type: str, count: int, edges: list[tuple[int, int]]
) -> None:
    graph = NetGraph(topo_type=topo_type, node_count=count)
    assert (graph.topo_type, graph.order, graph.edges()) == (topo_type, count, edges)


def test_a_star_has_arms_of_equal_length_round_node_zero() -> None:
    graph = NetGraph(topo_type=TopologyType.STAR, node_count=7, branches=3)
    assert graph.edges() == [(0, 1), (0, 3), (0, 5), (1, 2), (3, 4), (5, 6)]
    assert graph.leaves() == [2, 4, 6]


def test_without_anything_it_is_empty_and_built_by_hand() -> None:
    graph = NetGraph()
    graph.add_node("a")
    for _ in range(2):
        graph.add_edge("a", "b")
        graph.add_node("b")
    assert (graph.topo_type, graph.nodes(), graph.edges()) == ("adhoc", ["a", "b"], [("a", "b")])


def test_a_graph_is_taken_as_it_is() -> None:
    graph: nx.Graph[int] = nx.cycle_graph(5)
    assert NetGraph(topology=graph).topology is graph


def test_each_edge_gets_a_network_and_each_node_an_address_in_it() -> None:
    graph = NetGraph(topo_type="linear", node_count=3, assign_ips=True)
    assert graph.get_p2p_info(2, 1) == ("10.0.0.6", "10.0.0.5", "255.255.255.252", "10.0.0.4", 30)
    assert graph.node_ip_annotations(1) == ["10.0.0.2", "10.0.0.5"]


def test_addresses_of_ipv6_are_a_127_each() -> None:
    graph = NetGraph(topo_type="linear", node_count=3, assign_ips=True, network="fd00::",
                     prefix=64, version=6)  # fmt: skip
    net = graph.edge_net_annotation(1, 2)
    assert net is not None
    assert (net[1], net[2], net["prefix"]) == ("fd00::2", "fd00::3", 127)


def test_a_second_assignment_replaces_the_first() -> None:
    graph = NetGraph(topo_type="linear", node_count=2, assign_ips=True)
    graph.assign_p2p_ips("192.168.0.0", 24, 4, 31)
    assert (graph.node_ip_annotations(0), graph.node_ip_annotations(1)) == (
        ["192.168.0.0"],
        ["192.168.0.1"],
    )


@pytest.mark.parametrize(
    ("graph", "how", "message"),
    [
        (nx.Graph([(0, 1), (2, 3)]), {}, "not connected"),
        (nx.Graph(), {}, "not connected"),
        (nx.path_graph(2), {"version": 5}, "no IP version 5"),
    ],
)
def test_what_cannot_be_addressed_is_a_runtime_error(
    graph: "nx.Graph[int]", how: dict[str, Any], message: str
) -> None:
    with pytest.raises(RuntimeError, match=message):
        NetGraph(topology=graph).assign_p2p_ips(**how)


def test_a_block_that_is_too_small_is_told_and_nothing_is_assigned() -> None:
    graph = NetGraph(topo_type="mesh", node_count=5)
    with pytest.raises(BadValue, match="no room for 10 links"):
        graph.assign_p2p_ips("10.0.0.0", 29)
    assert graph.node_annotations(0) == []


def test_sources_and_targets_are_those_that_were_named() -> None:
    graph = NetGraph(topo_type="linear", node_count=4,
                     sources_targets={"sources": [1], "targets": [2, 3]})  # fmt: skip
    assert (graph.sources(), graph.targets()) == ([1], [2, 3])


def test_chosen_ones_are_node_zero_and_another_leaf() -> None:
    graph = NetGraph(topo_type="linear", node_count=9, assign_st=True, leaf_source=True)
    assert (graph.sources(), graph.targets()) == ([8], [0])


def test_the_source_of_a_ladder_is_a_corner() -> None:
    found = {
        NetGraph(topo_type="ladder", node_count=8, assign_st=True, seed=seed).sources()[0]
        for seed in range(20)
    }
    assert found == {3, 4}


def test_the_same_seed_chooses_the_same_source() -> None:
    one, two = (NetGraph(topo_type="mesh", node_count=50, assign_st=True, seed=4) for _ in "12")
    assert one.sources() == two.sources()


def test_a_graph_without_any_node_left_has_no_source() -> None:
    with pytest.raises(RuntimeError, match="no node is left"):
        NetGraph(topo_type="linear", node_count=1, assign_st=True)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"topo_type": "tre", "node_count": 3}, "no topology type 'tre'"),
        ({"topo_type": "linear"}, "node_count is 0"),
        ({"topo_type": "linear", "node_count": "3"}, "node_count is '3'"),
        ({"topo_type": "star", "node_count": 3}, "branches is 0"),
    ],
)
def test_what_cannot_be_made_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(BadValue, match=message):
        NetGraph(**given)
