"""Moments with names, and pauses."""

from contextlib import suppress
from pathlib import Path

import pytest

from nepishell.commands.journaling import open_journal
from nepishell.commands.marking import GoOn
from nepishell.commands.opened import looking_at
from nepishell.core.errors import NepishellError
from nepishell.journal.runs import runs
from tests.commands.stand import Session, open_session


def test_a_mark_is_in_the_log_and_in_the_timeline(session: Session) -> None:
    session("add test::Node h1", "deploy", "mark half way", "release")
    assert "mark: half way" in session.text("log | csv")
    assert ": half way" in session.text("timeline")
    assert "half way" not in session.text("log h1 | csv")


def test_a_mark_is_kept_in_the_journal(tmp_path: Path) -> None:
    with open_session(tmp_path) as session:
        session.ctx.journal = open_journal(session.ec, print)
        session("add test::Node h1", "mark half way")
    (run,) = runs(tmp_path)
    with looking_at(run) as (ec, _):
        assert [text for _, text in ec.marks] == ["half way"]


def test_a_mark_is_remembered_as_done(session: Session) -> None:
    session.ctx.remember()
    session("mark half way")
    assert "mark half way" in session.text("history | csv")


def test_without_a_terminal_a_pause_is_passed_over(session: Session) -> None:
    assert session.text("pause look here") == "not paused, for there is no terminal: look here"


def test_a_pause_lasts_until_the_person_goes_on(session: Session) -> None:
    def act(text: str) -> None:
        session.ctx.is_paused = True
        with suppress(GoOn):
            session(f"say {text}", "mark paused", "continue", "say never")
        session.ctx.is_paused = False

    session.ctx.pause = act
    assert session.text("pause look") == "going on"
    assert [text for _, text in session.ec.marks] == ["paused"]


def test_there_is_nothing_to_go_on_with_where_nothing_has_paused(session: Session) -> None:
    with pytest.raises(NepishellError, match="nothing has paused here"):
        session("continue")
