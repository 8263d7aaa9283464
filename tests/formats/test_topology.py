"""The graph of an experiment as plain values."""

from pathlib import Path

import pytest

from nepishell import ExperimentController
from nepishell.core.errors import BadValue
from nepishell.formats.topology import Topology, checked, literal, netgraph_of, topology_of
from nepishell.topologies.netgraph import NetGraph
from tests.formats.described import GRAPH


def test_a_graph_comes_back() -> None:
    again = netgraph_of(GRAPH)
    assert topology_of(again) == GRAPH
    assert again.sources() == [0]
    assert again.get_p2p_info(0, "b")[:2] == ("10.0.0.1", "10.0.0.2")
    assert topology_of(None) is None


def test_parallel_edges_stay_two() -> None:
    found = Topology(nodes=[(1, {}), (2, {})], edges=[(1, 2, {"a": 1}), (1, 2, {"a": 2})])
    assert topology_of(netgraph_of(found)) == found


def test_an_edge_needs_its_nodes() -> None:
    with pytest.raises(BadValue, match="an edge from 1 to 'x', but no such nodes"):
        netgraph_of(Topology(nodes=[(1, {})], edges=[(1, "x", {})]))


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_controller_that_was_described_by_a_graph_has_it_again(tmp_path: Path, form: str) -> None:
    def node(ec: ExperimentController, nid: int) -> None:
        ec.netgraph.annotate_node(nid, "host", ec.register_resource("netns::Node"))

    ec = ExperimentController(
        "graph", local_dir=tmp_path, topo_type="ladder", node_count=6, assign_ips=True,
        assign_st=True, seed=3, add_node_callback=node,
    )  # fmt: skip
    with ec:
        path = ec.save(str(tmp_path), form)
        wanted = topology_of(ec.netgraph)
    with ExperimentController.load(path, local_dir=tmp_path) as again:
        assert isinstance(again.netgraph, NetGraph)
        assert topology_of(again.netgraph) == wanted
        assert again.netgraph.topo_type == "ladder"
        assert len(again.resources) == 6


@pytest.mark.parametrize("text", ["__import__('os')", "[1", "open('x')", "9" * 200_000, "[" * 9999])
def test_only_literals_are_read(text: str) -> None:
    with pytest.raises(BadValue, match="neither a list nor a dictionary"):
        literal(text)


@pytest.mark.parametrize(
    ("name", "value", "ends"),
    [("ips", "10.0.0.1", ()), ("ips", [1], ()), ("net", {}, (1, 2)), ("rank", [1], ())],
)
def test_notes_are_what_they_should_be(name: str, value: object, ends: tuple[int, ...]) -> None:
    with pytest.raises(BadValue, match=f"the note {name} of the graph"):
        checked(name, value, ends)
