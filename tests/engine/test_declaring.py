"""Completing a type from what its class body declares."""

import pytest

from nepishell import Attribute, NepishellError, Peer, ResourceAction, ResourceManager
from nepishell.core.states import ResourceState

DEPLOY, START, STOP = ResourceAction


class App(ResourceManager):
    rtype = "test::DeclaredApp"
    speed = Attribute(int, required=True, help="how fast")
    node = Peer("test::Node", min=1, max=1, needs={DEPLOY: ResourceState.READY})


def test_needs_are_listed_by_action() -> None:
    assert App._needs == ([(App.node, ResourceState.READY)], [], [])


def test_a_type_is_of_its_own_rtype_and_of_its_bases() -> None:
    class Fast(App):
        rtype = "test::DeclaredFast"

    assert Fast._rtypes == {"Resource", "test::DeclaredApp", "test::DeclaredFast"}


def test_a_peer_that_is_declared_again_replaces_that_of_the_base() -> None:
    class Anywhere(App):
        rtype = "test::DeclaredAnywhere"
        node = Peer("test::Node", "test::Router", max=None, needs={START: ResourceState.STARTED})

    assert Anywhere._peers == (Anywhere.node,)
    assert Anywhere._needs == ([], [(Anywhere.node, ResourceState.STARTED)], [])
    assert App._peers == (App.node,)


def test_an_attribute_that_is_declared_again_replaces_that_of_the_base() -> None:
    class Steady(App):
        rtype = "test::DeclaredSteady"
        speed = Attribute(int, default=5)

    assert Steady.get_attribute("speed").default == 5
    assert (App._required, Steady._required) == ((App.speed,), ())


def test_what_is_required_has_no_default() -> None:
    with pytest.raises(NepishellError, match=r"Wrong.speed: required, yet has a default"):

        class Wrong(ResourceManager):
            rtype = "test::DeclaredWrong"
            speed = Attribute(int, required=True, default=1)
