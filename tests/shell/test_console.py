"""Lines above the prompt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.core.events import Noted, RunAborted, StateChanged
from nepishell.core.states import ResourceState
from nepishell.output.style import PLAIN
from nepishell.shell.console import MOST, Console
from tests.commands.stand import Session, open_session

READY, STARTED, FAILED = ResourceState.READY, ResourceState.STARTED, ResourceState.FAILED


class Watched:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.written: list[str] = []
        self.console = Console(session.ec, self.written.append, PLAIN)

    def lines(self) -> list[str]:
        """All that was written, once the console has closed."""
        self.console.close()
        return "\n".join(self.written).splitlines()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with open_session(tmp_path) as session:
        watched = Watched(session)
        yield watched
        watched.console.close()


def test_moves_are_folded_into_where_everybody_is(watched: Watched) -> None:
    watched.session("add test::Node web[1-8]", "deploy")
    assert watched.lines()[-1] == "web[1-8]: STARTED"


def test_a_failure_has_a_line_of_its_own_with_its_reason(watched: Watched) -> None:
    watched.session("add test::Node h1", "add test::App probe on h1 fails=true critical=false")
    watched.session("deploy")
    assert "probe: FAILED: it was told to" in watched.lines()


def test_only_what_people_care_for_is_shown(watched: Watched) -> None:
    for level in ("debug", "info", "warning", "error"):
        watched.console.see(Noted(0.0, 0, level, level))
    watched.console.see(StateChanged(0.0, 1, ResourceState.NEW, ResourceState.DISCOVERED))
    assert watched.lines() == ["warning: warning", "error: error"]


def test_an_abort_is_told(watched: Watched) -> None:
    watched.session("add test::Node h1")
    watched.console.see(RunAborted(0.0, 1))
    assert watched.lines() == ["h1: the run is aborted: nothing more will start"]


def test_a_flood_is_held_back_and_counted(watched: Watched) -> None:
    with watched.console._changed:
        for number in range(1000):
            watched.console._add(f"line {number}")
    lines = watched.lines()
    assert lines[:MOST] == [f"line {number}" for number in range(MOST)]
    assert lines[MOST:] == [f"... and {1000 - MOST} lines more, see log.txt"]


def test_many_failures_are_held_back_and_counted(watched: Watched) -> None:
    moves = [StateChanged(0.0, guid, READY, FAILED, "no") for guid in range(1, 101)]
    with watched.console._changed:
        watched.console._moves = {move.guid: move for move in moves}
        watched.console._changed.notify()
    lines = watched.lines()
    assert len(lines) == MOST + 1
    assert lines[-1] == f"... and {100 - MOST} lines more, see log.txt"


def test_closing_twice_is_closing_once(watched: Watched) -> None:
    watched.console.say("bye")
    assert watched.lines() == ["bye"]
    watched.console.close()
