"""What an experiment looks like."""

import pytest

from nepishell.formats.network import HOST, ROUTER, SWITCH, Network, folded, network
from tests.commands.stand import Session
from tests.formats.stand import placed_node


def drawn(session: Session) -> Network:
    return network([session.ec._rm(guid) for guid in session.ec.resources])


def test_a_switch_is_a_node_and_an_interface_is_none(session: Session) -> None:
    session(
        "add netns::Node h[1-3]",
        "add netns::Switch lan",
        "add netns::Interface plug",
        "connect h1,h2 lan",
        "connect h3 plug lan",
        "add linux::Ping probe on h1 target=h2",
    )
    found = drawn(session)
    assert sorted(node.name for node in found.nodes) == ["h1", "h2", "h3", "lan"]
    lan = session.ec.find("lan")
    assert [(tie.one, tie.two) for tie in found.ties] == [(1, lan), (2, lan), (3, lan)]
    assert found.loose == []
    assert {node.name: node.role for node in found.nodes}["lan"] == SWITCH


def test_a_link_is_a_line_with_what_it_does(session: Session) -> None:
    session(
        "add netns::Node h[1-2]",
        "add netns::Link wire delay=20ms rate=10mbit loss=1% tolerance=50%",
        "connect h1 wire h2",
        "set wire up false",
    )
    (tie,) = drawn(session).ties
    assert tie.label == "wire 20ms 10mbit loss 1%"
    assert not tie.up


@pytest.mark.parametrize(
    ("delay", "shown"), [("10.528173ms", "10.53ms"), ("1500ms", "1.5s"), ("585us", "585us")]
)
def test_values_are_told_in_four_digits(session: Session, delay: str, shown: str) -> None:
    session("add netns::Node h[1-2]", f"add netns::Link w delay={delay}", "connect h1 w h2")
    assert drawn(session).ties[0].values == shown


def test_who_forwards_is_a_router(session: Session) -> None:
    session("add netns::Node r forwarding=true", "add netns::Node h")
    assert [node.role for node in drawn(session).nodes] == [ROUTER, HOST]


@pytest.mark.parametrize("names", [("longitude", "latitude"), ("x", "y")])
def test_attributes_say_where_a_node_stands(session: Session, names: tuple[str, str]) -> None:
    placed_node(*names)
    session(f"add test::Placed one {names[0]}=2.5 {names[1]}=48", "add test::Placed two")
    one, two = drawn(session).nodes
    assert (one.place, one.on_map) == ((2.5, 48.0), names[0] == "longitude")
    assert two.place is None


def test_names_of_the_same_state_are_written_short() -> None:
    new = [(f"p{n}", 0) for n in range(1, 4)] + [("q", 0), ("q[1,3]x", 4)]
    assert [name for name, _ in folded(new)] == ["p[1-3]", "q", "q[1,3]x"]  # type: ignore[arg-type]
