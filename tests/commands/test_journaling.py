"""Commands are in the journal before they act, and what came of them after."""

from pathlib import Path
from typing import Any

import pytest

from nepishell import NepishellError
from nepishell.commands.journaling import open_journal
from nepishell.engine.controller import ExperimentController
from nepishell.journal.runs import look
from tests.commands.stand import Session


@pytest.fixture
def journaled(session: Session) -> Session:
    session.ctx.journal = open_journal(session.ec, pytest.fail)
    return session


def entries(session: Session, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
    assert session.ctx.journal is not None
    session.ctx.journal.writer.commit()
    found = look(session.ec.run_dir).records()
    return [(one.kind, dict(one.data)) for one in found if one.kind in kinds]


def test_a_command_and_its_outcome_are_entered(journaled: Session) -> None:
    journaled("add test::Node h1")
    (kind, command), outcome = entries(journaled, "command", "outcome")
    assert (kind, command["c"], command["line"]) == ("command", 1, "add test::Node h1")
    assert outcome == ("outcome", {"c": 1})


def test_why_a_command_failed_is_entered(journaled: Session) -> None:
    journaled("add test::Node h1", "deploy h1")
    with pytest.raises(NepishellError):
        journaled("remove h1")
    error = entries(journaled, "outcome")[-1][1]["error"]
    assert "release it first" in error


def test_a_line_that_is_wrong_is_not_entered(journaled: Session) -> None:
    with pytest.raises(NepishellError):
        journaled("depoly all")
    assert entries(journaled, "command") == []


def test_where_no_journal_can_be_kept_it_is_said_once(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "file").write_text("")
    with ExperimentController(local_dir=tmp_path / "file") as ec:
        assert open_journal(ec, said.append) is None
    assert len(said) == 1
    assert "cannot be resumed" in said[0]
