"""Maps as resources."""

from pathlib import Path

import pytest

from nepishell.core.errors import BadValue, UnknownName
from nepishell.engine.controller import ExperimentController
from nepishell.testing import VirtualClock
from nepishell.topologies.building import Style, build
from nepishell.topologies.model import HOST, SWITCH, Cable, NetworkMap, Place
from tests.commands import stand

MAP = NetworkMap(
    name="m",
    places=(Place("a"), Place("b", HOST)),
    cables=(Cable(0, 1, 0.005, 1e6), Cable(1, 0)),
)
STYLE = Style(node="test::Node", link="test::Link")


@pytest.fixture
def ec(tmp_path: Path):
    stand.register()
    with ExperimentController("exp", tmp_path, clock=VirtualClock()) as ec:
        yield ec


def test_places_and_cables_become_nodes_and_links(ec: ExperimentController) -> None:
    built = build(ec, MAP, STYLE)
    assert [ec.label(guid) for guid in (*built.nodes, *built.links)] == ["a", "b", "a--b", "b--a"]
    assert ec.connections(3) == [1, 2]
    assert (ec.get(3, "delay"), ec.get(4, "delay")) == (0.005, None)


def test_what_is_given_wins_over_the_map(ec: ExperimentController) -> None:
    build(ec, MAP, Style(node="test::Node", link="test::Link", link_values={"delay": "1s"}))
    assert ec.get(3, "delay") == 1.0


def test_parallel_links_are_told_apart_by_a_number(ec: ExperimentController) -> None:
    twice = NetworkMap(name="m", places=MAP.places, cables=(Cable(0, 1), Cable(0, 1)))
    build(ec, twice, STYLE)
    assert [ec.label(3), ec.label(4)] == ["a--b", "a--b-2"]


def test_labels_of_long_names_are_labels(ec: ExperimentController) -> None:
    places = (Place("a" * 40), Place("b" * 40))
    build(ec, NetworkMap(name="m", places=places, cables=(Cable(0, 1),)), STYLE)
    assert len(ec.label(3)) <= 63


def test_what_fails_half_way_leaves_nothing(ec: ExperimentController) -> None:
    ec.register_resource("test::Node", label="b")
    with pytest.raises(BadValue, match="label 'b' is taken by resource 1; prefix=x"):
        build(ec, MAP, STYLE)
    with pytest.raises(UnknownName, match="no attribute 'nix'"):
        build(
            ec, MAP, Style(node="test::Node", link="test::Link", prefix="x", link_values={"nix": 1})
        )
    assert ec.resources == [1]


def test_a_prefix_makes_all_names_others(ec: ExperimentController) -> None:
    build(ec, MAP, STYLE)
    build(ec, MAP, Style(node="test::Node", link="test::Link", prefix="x-"))
    assert ec.find("x-a--b") == 7


def test_what_joins_more_than_two_is_plugged_in_without_a_link(ec: ExperimentController) -> None:
    places = (Place("a"), Place("b"), Place("lan", SWITCH))
    hub = NetworkMap(name="m", places=places, cables=(Cable(0, 2), Cable(1, 2)))
    built = build(ec, hub, Style(node="test::Node", link="test::Link", switch="test::Link"))
    assert (built.links, ec.connections(3)) == ([], [1, 2])
