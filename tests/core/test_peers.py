"""What a type connects to."""

import pytest

from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState


class Owner:
    def __init__(self, *found: object) -> None:
        self._found = list(found)

    def get_peers(self, peer: Peer) -> list[object]:
        return self._found

    node = Peer("test::Node", min=1, max=1)
    links = Peer("test::Link", "test::Switch", max=None)


def test_the_class_body_gives_the_name() -> None:
    assert Owner.node.name == "node"


def test_a_single_peer_reads_as_the_neighbour_or_none() -> None:
    assert Owner("web").node == "web"
    assert Owner().node is None


def test_a_peer_that_may_be_many_reads_as_a_list() -> None:
    assert Owner("a", "b").links == ["a", "b"]
    assert Owner().links == []


def test_by_default_a_peer_must_be_ready_before_deployment() -> None:
    assert Owner.node.needs == {ResourceAction.DEPLOY: ResourceState.READY}


def test_needs_of_one_peer_are_not_those_of_another() -> None:
    Owner.node.needs[ResourceAction.STOP] = ResourceState.STOPPED
    try:
        assert ResourceAction.STOP not in Owner.links.needs
    finally:
        del Owner.node.needs[ResourceAction.STOP]


@pytest.mark.parametrize(
    ("rtypes", "accepted"),
    [
        ({"test::Link"}, True),
        ({"test::Switch", "abstract::Device"}, True),
        ({"abstract::Device"}, False),
        (set(), False),
    ],
)
def test_accepts_a_resource_that_has_one_of_the_rtypes(rtypes: set[str], accepted: bool) -> None:
    assert Owner.links.accepts(frozenset(rtypes)) is accepted


@pytest.mark.parametrize(
    ("peer", "text"),
    [
        (Peer("a::B", min=1, max=1), "1 a::B"),
        (Peer("a::B"), "0..1 a::B"),
        (Peer("a::B", "c::D", min=2, max=None), "2..any a::B or c::D"),
    ],
)
def test_says_how_many_of_what(peer: Peer, text: str) -> None:
    assert str(peer) == text
