"""Looking at a run that is over."""

from collections.abc import Iterator

import pytest

from nepishell import NepishellError, ResourceState
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.journaling import open_journal
from nepishell.commands.opened import context_of, looking_at
from nepishell.journal.runs import look
from nepishell.output.records import Record, Records
from tests.commands.stand import Session


@pytest.fixture
def past(session: Session) -> Iterator[Interpreter]:
    """Of a run that was left while everything ran."""
    session.ctx.journal = open_journal(session.ec, pytest.fail)
    session("add test::Node h1", "add test::App probe on h1", "deploy", "wait probe STARTED")
    session.ec.fidelity.doubt("lateness", "it was late")
    session.ec.bus.drain()
    session.ctx.journal.writer.commit()
    run = look(session.ec.run_dir)
    with looking_at(run) as (ec, warnings):
        assert warnings == []
        yield Interpreter(context_of(ec, run))


def rows(past: Interpreter, line: str) -> list[tuple[object, ...]]:
    (shown,) = past.run(line)
    assert isinstance(shown.result, Records)
    return shown.result.rows


def test_all_is_as_it_was_at_its_end(past: Interpreter) -> None:
    found = {row[1]: row[3] for row in rows(past, "list")}
    assert found == {"h1": ResourceState.STARTED, "probe": ResourceState.STARTED}


def test_its_clock_stands_where_it_ended(past: Interpreter) -> None:
    now = past.ctx.ec.clock.now()
    assert 0 < now == past.ctx.ec.clock.now()
    with pytest.raises(NepishellError, match="not in the past"):
        past.run(f"goto t+{now + 1}s")


def test_its_status_is_that_of_something_over(past: Interpreter) -> None:
    (shown,) = past.run("status")
    assert isinstance(shown.result, Record)
    told = dict(zip([c.name for c in shown.result.columns], shown.result.values, strict=True))
    assert told["controller"] == "over: only looked at"
    assert str(told["doubts"]).endswith(": it was late']")


@pytest.mark.parametrize("line", ["goto t+1us", "story probe", "diff t+0s t+1us", "log probe"])
def test_readers_of_the_past_work(past: Interpreter, line: str) -> None:
    assert past.run(line)


def test_the_history_is_that_of_the_run(past: Interpreter) -> None:
    assert [row[2] for row in rows(past, "history 2")] == ["deploy", "wait probe STARTED"]


@pytest.mark.parametrize("line", ["add test::Node x", "stop probe", "release", "take", "undo"])
def test_nothing_can_be_changed(past: Interpreter, line: str) -> None:
    with pytest.raises(NepishellError, match="the past of run"):
        past.run(line)
    assert past.ctx.ec.state(past.ctx.ec.find("probe") or 0) is ResourceState.STARTED


def test_an_altered_journal_is_not_looked_at(session: Session) -> None:
    session.ctx.journal = open_journal(session.ec, pytest.fail)
    session("add test::Node h1", "say one", "say two")
    session.ctx.journal.writer.commit()
    path = session.ec.run_dir / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b"say one", b"say 0ne"))
    with pytest.raises(NepishellError, match="altered"), looking_at(look(session.ec.run_dir)):
        pass
