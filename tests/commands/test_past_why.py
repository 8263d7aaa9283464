"""Why, asked of the past."""

import pytest

from nepishell import NepishellError
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.journaling import open_journal
from nepishell.commands.opened import context_of, looking_at
from nepishell.journal.runs import look
from tests.commands.stand import Session


@pytest.fixture
def journaled(session: Session) -> Session:
    session.ctx.journal = open_journal(session.ec, pytest.fail)
    session(
        "add test::Node h1",
        "add test::App probe on h1",
        "when h1 STARTED +10ms start probe",
        "deploy",
        "wait probe STARTED",
    )
    return session


def before_its_start(session: Session) -> str:
    """A moment at which `probe` was READY."""
    ready, started = session.ec.story(session.ec.find("probe"))[-2:]
    return f"t+{(ready.at + started.at) / 2 * 1e3:.6f}ms"


def test_what_it_waited_for_is_told(journaled: Session) -> None:
    told = journaled.text(f"why probe {before_its_start(journaled)}")
    assert told.startswith("probe READY\n  start comes in ")
    # what would have helped then helps nobody now
    assert "next:" not in told
    assert "it runs" in journaled.text("why probe")


def test_the_run_itself_goes_on_as_it_was(journaled: Session) -> None:
    journaled(f"why probe {before_its_start(journaled)}")
    assert journaled.state("probe") == "STARTED"
    journaled("stop probe")
    assert journaled.state("probe") == "STOPPED"


def test_of_a_run_that_is_opened_it_is_told_too(journaled: Session) -> None:
    moment = before_its_start(journaled)
    journaled.ctx.journal.writer.commit()  # type: ignore[union-attr]
    run = look(journaled.ec.run_dir)
    with looking_at(run) as (ec, _):
        (shown,) = Interpreter(context_of(ec, run)).run(f"why probe {moment} | cols state | csv")
    assert [row[0].name for row in shown.result.rows] == ["READY"]  # type: ignore[union-attr]


def test_what_was_not_there_has_no_reasons(journaled: Session) -> None:
    with pytest.raises(
        NepishellError, match="probe was not there yet at t\\+0s; see 'story probe'"
    ):
        journaled("why probe t+0s")
    with pytest.raises(NepishellError, match="not in the past"):
        journaled("why probe t+1h")
