"""ResourceManager: what a type declares, and what its instances answer."""

import pytest

from nepishell import (
    Attribute,
    BadValue,
    ExperimentController,
    Peer,
    ResourceFactory,
    ResourceManager,
    Trace,
    UnknownName,
)
from nepishell.core.events import Noted
from nepishell.testing import EventLog


class Host(ResourceManager):
    """A host.

    With a second paragraph.
    """

    rtype = "test::Host"
    ram = Attribute(int, default=4, min=1, help="how much")
    traces = (Trace("syslog"),)


class Router(Host):
    """A host that forwards."""

    rtype = "test::Router"
    ports = Peer("test::Host", max=None, needs={})
    table = Attribute(str)
    traces = (Trace("routes", enabled=True),)


@pytest.fixture
def router(ec: ExperimentController) -> Router:
    ResourceFactory.register_type(Host)
    ResourceFactory.register_type(Router)
    found = ec.get_resource(ec.register_resource("test::Router"))
    assert isinstance(found, Router)
    return found


def test_a_subclass_adds_to_what_its_base_declares() -> None:
    assert set(Router.get_attributes()) == {"critical", "hardRelease", "ram", "table"}
    assert [trace.name for trace in Router.get_traces()] == ["syslog", "routes"]
    assert set(Host.get_attributes()) == {"critical", "hardRelease", "ram"}
    assert [trace.name for trace in Host.get_traces()] == ["syslog"]


def test_a_bare_subclass_has_the_two_attributes_of_nepi() -> None:
    class Bare(ResourceManager):
        rtype = "test::Bare"

    assert set(Bare.get_attributes()) == {"critical", "hardRelease"}


def test_the_first_line_of_the_docstring_is_the_help() -> None:
    assert Host.get_help() == "A host."


def test_a_value_reads_as_an_attribute_of_the_instance(router: Router) -> None:
    assert router.ram == 4
    router.set("ram", "8")

    assert (router.ram, router.get("ram")) == (8, 8)


def test_values_are_those_of_one_instance(ec: ExperimentController, router: Router) -> None:
    other = ec.get_resource(ec.register_resource("test::Router"))
    router.set("ram", 16)

    assert other is not None
    assert other.get("ram") == 4


def test_a_hook_of_the_attribute_may_change_what_is_stored(ec: ExperimentController) -> None:
    class Even(ResourceManager):
        rtype = "test::Even"
        number = Attribute(int, default=0, set_hook=lambda old, new: int(new or 0) // 2 * 2)

    ResourceFactory.register_type(Even)
    guid = ec.register_resource("test::Even", number=7)

    assert ec.get(guid, "number") == 6


def test_wrong_names_and_values_are_errors(router: Router) -> None:
    with pytest.raises(UnknownName, match=r"test::Router has no attribute 'rma'; did you mean"):
        router.set("rma", 1)
    with pytest.raises(BadValue, match="ram: '0' is less than 1"):
        router.set("ram", 0)
    with pytest.raises(UnknownName, match="test::Router has no trace 'pcap'"):
        router.enable_trace("pcap")
    assert router.ram == 4


def test_neighbours_are_found_by_type_and_by_its_bases(
    ec: ExperimentController, router: Router
) -> None:
    host = ec.register_resource("test::Host")
    other = ec.register_resource("test::Router")
    ec.register_connection(router.guid, other)
    with pytest.raises(BadValue):
        ec.register_connection(host, ec.register_resource("test::App"))

    assert [rm.guid for rm in router.get_connected()] == [other]
    assert [rm.guid for rm in router.get_connected("test::Host")] == [other]
    assert [rm.guid for rm in router.ports] == [other]
    assert router.get_connected("test::Nothing") == []


def test_is_called_by_its_label_or_by_type_and_number(
    ec: ExperimentController, router: Router
) -> None:
    assert router.name == "router1"
    ec.set_label(router.guid, "gate")
    assert router.name == "gate"


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_what_it_says_is_told(
    ec: ExperimentController, router: Router, log: EventLog, level: str
) -> None:
    getattr(router, level)("hello", out="x")

    assert log.of(Noted) == [(0.0, router.guid, level, "hello OUTPUT x")]
