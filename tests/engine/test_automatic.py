"""A controller that describes itself by a graph (NEPI section 1.1)."""

import threading
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from nepishell import ExperimentController, NetGraph, TopologyType, VirtualClock
from nepishell.testing import register_types


@pytest.fixture(autouse=True)
def types() -> None:
    register_types()


def add_host(ec: Any, nid: Any) -> None:
    guid = ec.register_resource("test::Recorder", label=f"h{nid}")
    ec.netgraph.annotate_node(nid, "host", guid)


def join(ec: Any, nid1: Any, nid2: Any) -> None:
    ends = (ec.netgraph.node_annotation(nid, "host") for nid in (nid1, nid2))
    ec.register_connection(*ends)


def test_each_node_and_then_each_edge_is_called_back(tmp_path: Path) -> None:
    with ExperimentController(
        "exp", tmp_path, topo_type=TopologyType.LINEAR, node_count=3,
        add_node_callback=add_host, add_edge_callback=join,
    ) as ec:  # fmt: skip
        assert [ec.label(guid) for guid in ec.resources] == ["h0", "h1", "h2"]
        assert ec.connections(2) == [1, 3]
        assert isinstance(ec.netgraph, NetGraph)


def test_a_graph_alone_is_taken(tmp_path: Path) -> None:
    with ExperimentController("exp", tmp_path, topology=nx.cycle_graph(4)) as ec:
        assert ec.netgraph.order == 4


def test_a_type_alone_makes_nothing_as_in_nepi(tmp_path: Path) -> None:
    with ExperimentController("exp", tmp_path, topo_type="linear", node_count=3) as ec:
        assert ec.netgraph is None


def test_callbacks_may_deploy(tmp_path: Path) -> None:
    def add_and_deploy(ec: Any, nid: Any) -> None:
        ec.deploy(ec.register_resource("test::Recorder"))

    with ExperimentController(
        "exp", tmp_path, clock=VirtualClock(), topo_type="mesh", node_count=3,
        add_node_callback=add_and_deploy,
    ) as ec:  # fmt: skip
        assert ec.wait_started(ec.resources)


def test_a_callback_that_raises_leaves_no_thread_behind(tmp_path: Path) -> None:
    def refuse(ec: Any, nid: Any) -> None:
        raise ValueError("no")

    before = threading.active_count()
    with pytest.raises(ValueError, match="no"):
        ExperimentController("exp", tmp_path, topo_type="mesh", node_count=3,
                             add_node_callback=refuse)  # fmt: skip
    assert threading.active_count() == before


def test_a_keyword_that_nobody_knows_is_a_type_error(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'topo_typ'"):
        ExperimentController("exp", tmp_path, topo_typ="mesh")
