"""Who is there, and who drives."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.commands.declared import our_grammar
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.service.hub import Hub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with ExperimentController("hub", tmp_path) as ec:
        yield Hub(ec)


def test_whoever_acts_while_nobody_drives_drives(hub: Hub) -> None:
    commands = our_grammar().commands
    one, two = hub.enter(), hub.enter()

    two.may(commands["add"])

    with pytest.raises(NepishellError, match="client 2 drives and you watch"):
        one.may(commands["deploy"])
    one.may(commands["list"])
    assert one.driver == "client 2"


def test_who_takes_drives_and_the_other_is_told(hub: Hub) -> None:
    one, two = hub.enter(), hub.enter()
    told: list[str] = []
    one.tell = told.append

    assert (one.take(), two.take(), two.take()) == ("", "client 1", "client 2")

    assert told == ["client 2 drives now, you watch; 'take' takes over again"]
    assert [session.drives for session in one.sessions()] == [False, True]


def test_when_the_driver_leaves_nobody_drives_and_terminals_are_told(hub: Hub) -> None:
    one, two = hub.enter("pts/1", is_terminal=True), hub.enter("pts/1", is_terminal=True)
    told: list[str] = []
    two.tell = told.append
    hub.offer(one)
    hub.offer(two)

    one.leave()
    one.leave()

    assert (hub.driver, [s.name for s in two.sessions()]) == ("", ["pts/1 (2)"])
    assert told == ["pts/1 has left: whoever changes something now drives"]
    assert hub.greeting().attached == 1
