"""Blocks of lines."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nepishell.replay.reader import Statement
from nepishell.replay.script import Script
from nepishell.replay.sources import Sources
from nepishell.shell.paste import Stop
from nepishell.shell.paste import run_block as run_in
from tests.commands.stand import open_session

SCRIPTS: list[Script] = []


@pytest.fixture(autouse=True)
def _script(tmp_path: Path) -> Iterator[None]:
    with open_session(tmp_path) as session:
        SCRIPTS[:] = [Script(session.interpreter, Sources())]
        yield


def run_block(text: str, execute: Callable[[Statement], bool]) -> Stop | None:
    return run_in(text, execute, SCRIPTS[0])


class Runner:
    def __init__(self) -> None:
        self.ran: list[str] = []

    def __call__(self, statement: Statement) -> bool:
        self.ran.append(statement.text)
        return not statement.text.startswith("bad")


def test_a_block_runs_to_its_end() -> None:
    runner = Runner()
    assert run_block("one\n# note\n\ntwo; three", runner) is None
    assert runner.ran == ["one", "two", "three"]


def test_what_was_not_run_is_handed_back_with_the_culprit_first() -> None:
    runner = Runner()
    stop = run_block("one\n  two; bad; three\nfour # note\n", runner)
    assert stop is not None
    assert (stop.place.line, stop.left) == (2, "bad; three\nfour # note")
    assert runner.ran == ["one", "two", "bad"]


def test_a_block_with_an_open_quote_is_not_begun() -> None:
    runner = Runner()
    stop = run_block("one\ntwo 'three\nfour", runner)
    assert stop is not None
    assert stop.left == "one\ntwo 'three\nfour"
    assert (stop.place.line, stop.unfinished) == (2, "the quote ' is never closed")
    assert runner.ran == []


def test_lines_that_belong_together_stay_together() -> None:
    runner = Runner()
    stop = run_block("one\nbad \\\n two\nthree", runner)
    assert stop is not None
    assert stop.left == "bad \\\n two\nthree"


def test_a_loop_that_stops_is_handed_back_as_a_whole() -> None:
    runner = Runner()
    stop = run_block("one\nfor x in a,b\n  two\n  bad\nend\nthree\n", runner)
    assert stop is not None
    assert stop.left == "for x in a,b\n  two\n  bad\nend\nthree"
    assert runner.ran == ["one", "two", "bad"]
    assert SCRIPTS[0].block is None


def test_a_block_that_makes_no_sense_is_told() -> None:
    runner = Runner()
    stop = run_block("one\nend\ntwo", runner)
    assert stop is not None
    assert (stop.unfinished, stop.left) == ("'end' ends nothing: no block is open here", "end\ntwo")
