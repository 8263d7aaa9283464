"""The line at the bottom."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.formatted_text import to_plain_text

from nepishell.shell.guard import Guard
from nepishell.shell.toolbar import Toolbar
from tests.commands.stand import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as session:
        yield session


def text(session: Session, *, glyphs: bool = False) -> str:
    toolbar = Toolbar(session.ctx, Guard(pytest.fail, Path("/dev/null")), glyphs=glyphs)
    return " ".join(to_plain_text(toolbar()).split())


def test_an_empty_experiment_says_how_to_begin(session: Session) -> None:
    assert text(session) == "test nothing described yet: try 'help' or 'types'"


def test_states_are_counted_in_the_order_of_life(session: Session) -> None:
    session("add test::Node h[1-3]", "deploy h1,h2", "stop h2")
    assert text(session) == "test 1 NEW 1 STARTED 1 STOPPED"
    assert text(session, glyphs=True) == "test ○ 1 NEW ● 1 STARTED ✓ 1 STOPPED"


def test_tasks_that_go_on_are_counted(session: Session) -> None:
    session("at 1h say later", "at 1ms say soon", "wait %2")
    assert text(session).endswith("1 task")


def test_an_aborted_run_is_told(session: Session) -> None:
    session("add test::Node h1", "add test::App probe on h1 fails=true", "deploy nowait")
    session.ec.wait_started(session.ec.resources)
    assert text(session).endswith("1 FAILED 1 task aborted: a critical resource failed") or (
        text(session).endswith("1 FAILED aborted: a critical resource failed")
    )


def test_a_mistake_of_ours_costs_the_line_only(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    toolbar = Toolbar(session.ctx, Guard(told.append, tmp_path / "log.txt"))
    monkeypatch.setattr(session.ctx.ec, "counts", lambda: 1 / 0)
    assert toolbar() == []
    assert len(told) == 1
