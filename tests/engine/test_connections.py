"""Connections have two ends, or none."""

from threading import Thread

import pytest

from nepishell import (
    BadValue,
    ExperimentController,
    NepishellError,
    ResourceFactory,
    ResourceManager,
    ResourceState,
    UnknownName,
)
from nepishell.core.events import Connected, Disconnected
from nepishell.testing import EventLog, advance, virtual

STARTED = ResourceState.STARTED


class Picky(ResourceManager):
    """Refuses every neighbour, when it is too late."""

    rtype = "test::Picky"

    def do_connect(self, guid: int) -> None:
        raise NepishellError("no free port")


class Snob(ResourceManager):
    """Refuses every neighbour, the old way."""

    rtype = "test::Snob"

    def valid_connection(self, guid: int) -> bool:
        return False


@pytest.fixture(autouse=True)
def _types() -> None:
    ResourceFactory.register_type(Picky)
    ResourceFactory.register_type(Snob)


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


def test_a_connection_has_two_ends(ec: ExperimentController, log: EventLog) -> None:
    one, two = add(ec, 2)
    ec.register_connection(one, two)
    ec.register_connection(two, one)

    assert (ec.connections(one), ec.connections(two)) == ([two], [one])
    assert log.of(Connected) == [(0.0, one, two)]


@pytest.mark.parametrize("other", ["test::Picky", "test::Snob", "test::Node"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_connection_that_either_side_refuses_is_none(
    ec: ExperimentController, log: EventLog, other: str, turned: bool
) -> None:
    # a test::Follower takes no test::Node; the two others take nobody
    mine = "test::Follower" if other == "test::Node" else "test::Recorder"
    pair = [ec.register_resource(mine), ec.register_resource(other)]
    if turned:
        pair.reverse()

    with pytest.raises(NepishellError):
        ec.register_connection(*pair)
    assert [ec.connections(guid) for guid in pair] == [[], []]
    assert log.of(Connected) == []


def test_a_refusal_says_who_and_why(ec: ExperimentController) -> None:
    app, other = ec.register_resource("test::App"), add(ec)[0]

    with pytest.raises(BadValue) as caught:
        ec.register_connection(other, app)
    assert str(caught.value) == (
        "recorder2 and app1 cannot be connected: "
        "a test::App connects to test::Node, test::Follower, not to a test::Recorder"
    )


def test_a_type_has_no_more_peers_than_it_declares(ec: ExperimentController) -> None:
    app = ec.register_resource("test::App")
    nodes = [ec.register_resource("test::Node") for _ in range(2)]
    ec.register_connection(app, nodes[0])

    with pytest.raises(BadValue, match="app1 has its 1 test::Node already"):
        ec.register_connection(app, nodes[1])
    assert ec.connections(nodes[1]) == []


@pytest.mark.parametrize("guids", [(1, 99), (99, 1), (1, 1)])
def test_a_wrong_connection_is_an_error(ec: ExperimentController, guids: tuple[int, int]) -> None:
    add(ec)

    with pytest.raises((UnknownName, BadValue)):
        ec.register_connection(*guids)
    assert ec.connections(1) == []


def test_parting_is_told_and_what_is_not_connected_cannot_part(
    ec: ExperimentController, log: EventLog
) -> None:
    one, two = add(ec, 2)
    ec.register_connection(one, two)
    ec.unregister_connection(two, one)

    assert (ec.connections(one), ec.connections(two)) == ([], [])
    assert log.of(Disconnected) == [(0.0, two, one)]
    with pytest.raises(UnknownName, match="are not connected"):
        ec.unregister_connection(one, two)


def test_threads_that_connect_crosswise_do_not_block_each_other() -> None:
    with virtual() as ec:
        one, two = add(ec, 2)
        ec.deploy()
        ec.wait_started([one, two])

        def join(first: int, second: int) -> None:
            for _ in range(100):
                ec.register_connection(first, second)

        threads = [Thread(target=join, args=pair) for pair in ((one, two), (two, one))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        advance(ec)

        assert not any(thread.is_alive() for thread in threads)
        assert ec._rm(one)._queue is None
