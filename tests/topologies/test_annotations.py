"""Notes on nodes and edges."""

import networkx as nx
import pytest

from nepishell.core.errors import UnknownName
from nepishell.topologies.annotations import Annotated


@pytest.fixture
def pair() -> Annotated:
    return Annotated(nx.path_graph(2))


@pytest.mark.parametrize("value", ["text", 1, 0.5, True])
def test_a_plain_value_is_noted_on_a_node_and_on_an_edge(pair: Annotated, value: object) -> None:
    pair.annotate_node(0, "host", value)  # type: ignore[arg-type]
    pair.annotate_edge(0, 1, "wire", value)  # type: ignore[arg-type]
    assert (pair.node_annotation(0, "host"), pair.edge_annotation(1, 0, "wire")) == (value, value)
    assert (pair.node_annotations(0), pair.edge_annotations(0, 1)) == (["host"], ["wire"])


@pytest.mark.parametrize("value", [None, [1], {"a": 1}, object()])
def test_anything_else_is_refused_as_nepi_did(pair: Annotated, value: object) -> None:
    with pytest.raises(RuntimeError, match="use a string, number or boolean"):
        pair.annotate_node(0, "host", value)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="use a string, number or boolean"):
        pair.annotate_edge(0, 1, "wire", value)  # type: ignore[arg-type]


def test_a_note_can_be_wiped_off_once_and_again(pair: Annotated) -> None:
    pair.annotate_node(0, "host", 1)
    pair.annotate_edge(0, 1, "wire", 1)
    for _ in range(2):
        pair.del_node_annotation(0, "host")
        pair.del_edge_annotation(0, 1, "wire")
    assert (pair.node_annotation(0, "host"), pair.edge_annotation(0, 1, "wire")) == (None, None)


def test_a_node_has_any_number_of_addresses(pair: Annotated) -> None:
    assert pair.node_ip_annotations(0) == []
    pair.annotate_node_ip(0, "10.0.0.1")
    pair.annotate_node_ip(0, "10.0.0.5")
    assert pair.node_ip_annotations(0) == ["10.0.0.1", "10.0.0.5"]


def test_the_network_of_an_edge_is_told_from_either_end(pair: Annotated) -> None:
    pair.annotate_edge_net(0, 1, "10.0.0.1", "10.0.0.2", "255.255.255.252", "10.0.0.0", 30)
    assert pair.get_p2p_info(1, 0) == ("10.0.0.2", "10.0.0.1", "255.255.255.252", "10.0.0.0", 30)


def test_who_is_not_there_is_named(pair: Annotated) -> None:
    with pytest.raises(UnknownName, match="no node '7'"):
        pair.annotate_node(7, "host", 1)
    with pytest.raises(UnknownName, match="no edge between '0' and '7'"):
        pair.annotate_edge(0, 7, "host", 1)
    with pytest.raises(UnknownName, match="has no addresses"):
        pair.get_p2p_info(0, 1)


def test_of_parallel_edges_the_first_one_speaks() -> None:
    graph = Annotated(nx.MultiGraph([(0, 1), (0, 1)]))
    graph.annotate_edge(0, 1, "wire", 7)
    assert graph.edge_annotation(1, 0, "wire") == 7
