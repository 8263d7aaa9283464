"""Blocks of lines."""

from nepishell.replay.reader import Statement
from nepishell.shell.paste import run_block


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
