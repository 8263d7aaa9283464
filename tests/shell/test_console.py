"""Lines above the prompt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.commands.logs import Told
from nepishell.core.events import Noted, RunAborted, StateChanged
from nepishell.core.states import ResourceState
from nepishell.output.style import PLAIN
from nepishell.shell.console import LOGGED, MOST, Console
from tests.commands.stand import Session, open_session

READY, STARTED, FAILED = ResourceState.READY, ResourceState.STARTED, ResourceState.FAILED


class Watched:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.written: list[str] = []
        self.told = Told("info")
        self.console = Console(session.ec, self.written.append, PLAIN, self.told)

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


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        ("debug", ["debug: debug", "info: info", "error: error", "1: DISCOVERED", "2: READY"]),
        ("info", ["info: info", "error: error", "2: READY"]),
        ("error", ["error: error"]),
    ],
)
def test_only_what_the_person_cares_for_is_shown(
    watched: Watched, level: str, shown: list[str]
) -> None:
    watched.told.choose(level)
    for each in ("debug", "info", "error"):
        watched.console.see(Noted(0.0, 0, each, each))
    watched.console.see(StateChanged(0.0, 1, ResourceState.NEW, ResourceState.DISCOVERED))
    watched.console.see(StateChanged(0.0, 2, ResourceState.PROVISIONED, READY))
    watched.console.see(StateChanged(0.0, 3, READY, FAILED, "no"))
    assert watched.lines() == [*shown, "3: FAILED: no"]


def test_what_somebody_follows_is_not_told_again(watched: Watched) -> None:
    with watched.told.followed():
        watched.console.see(StateChanged(0.0, 3, READY, FAILED, "no"))
    watched.console.see(RunAborted(0.0, 0))
    assert watched.lines() == ["the run is aborted: nothing more will start"]


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
    assert lines[MOST:] == ["... 988 more lines in the log"]


def test_what_was_held_back_is_in_the_log(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    with watched.console._changed:
        for number in range(MOST + 2):
            watched.console._add(f"line {number}")
    watched.lines()
    assert caplog.messages == [f"held back:\nline {MOST}\nline {MOST + 1}"]


def test_a_flood_takes_no_more_memory_than_a_screen_and_its_log(watched: Watched) -> None:
    console = watched.console
    with console._changed:
        for number in range(LOGGED * 3):
            console._add(f"line {number}")
        assert (len(console._lines), len(console._held)) == (MOST, LOGGED)
    assert watched.lines()[-1] == f"... {LOGGED * 3 - MOST:,} more lines in the log"


def fail(watched: Watched, reasons: dict[int, str]) -> list[str]:
    moves = [StateChanged(0.0, guid, READY, FAILED, why) for guid, why in reasons.items()]
    with watched.console._changed:
        watched.console._moves = {move.guid: move for move in moves}
        for number in range(MOST + 1):
            watched.console._add(f"line {number}")
        watched.console._changed.notify()
    return watched.lines()[MOST:]


def test_those_that_fail_for_one_reason_are_one_line(watched: Watched) -> None:
    assert fail(watched, dict.fromkeys(range(1, 101), "no")) == [
        "[1-100]: FAILED: no",
        "... 1 more line in the log",
    ]


def test_failures_are_told_in_a_flood_too(watched: Watched) -> None:
    told = fail(watched, {guid: f"reason {guid}" for guid in range(1, 31)})
    assert told[:-1] == [f"{guid}: FAILED: reason {guid}" for guid in range(1, 31)]


def test_closing_twice_is_closing_once(watched: Watched) -> None:
    watched.console.say("bye")
    assert watched.lines() == ["bye"]
    watched.console.close()
