"""The line at the bottom."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.formatted_text import to_plain_text

from nepishell.core.events import AttributeSet, StateChanged
from nepishell.core.states import ResourceState
from nepishell.output.cells import width
from nepishell.shell.guard import Guard
from nepishell.shell.toolbar import Part, Toolbar, fitted
from tests.commands.stand import Session, open_session

WIDTHS = (1, 5, 20, 40, 80, 200)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as session:
        yield session


def toolbar_of(session: Session, *, glyphs: bool = False) -> Toolbar:
    return Toolbar(session.ctx, Guard(pytest.fail, Path("/dev/null")), glyphs=glyphs)


def text(session: Session, width: int = 0, *, glyphs: bool = False) -> str:
    """The line without the run and the clock, which no test knows."""
    shown = to_plain_text(toolbar_of(session, glyphs=glyphs)(width))
    return " ".join(word for word in shown.split()
                    if word != session.ec.run_id and not word.startswith("t+"))  # fmt: skip


def test_an_empty_experiment_says_how_to_begin(session: Session) -> None:
    assert text(session) == "test nothing described yet: try 'help' or 'types'"


def test_states_are_counted_in_the_order_of_life(session: Session) -> None:
    session("add test::Node h[1-3]", "deploy h1,h2", "stop h2")
    assert text(session) == "test 1 NEW 1 STARTED 1 STOPPED"
    assert text(session, glyphs=True) == "test ○ 1 NEW ● 1 STARTED ✓ 1 STOPPED"


def test_the_run_and_the_clock_are_shown(session: Session) -> None:
    shown = to_plain_text(toolbar_of(session)())
    assert f" {session.ec.run_id} " in shown
    assert " t+0:00 " in shown


def test_tasks_that_go_on_are_named(session: Session) -> None:
    session("at 1h say later", "at 1ms say soon", "wait %2")
    assert text(session).endswith("%1 say later 1 task")


def test_of_many_tasks_the_first_are_named(session: Session) -> None:
    session("at 1h say a", "at 1h say b", "at 1h say c")
    assert text(session).endswith("%1 say a, %2 say b +1 3 tasks")


def test_a_deployment_shows_how_far_it_is(session: Session) -> None:
    session("add test::Node h[1-3]", "when h2 STARTED +1h start h3", "deploy nowait")
    session.ec.wait_started([session.ec.find("h1"), session.ec.find("h2")])
    session.ec.bus.drain()
    assert " 2/3 " in f"{text(session)} "


def test_an_aborted_run_is_told(session: Session) -> None:
    session("add test::Node h1", "add test::App probe on h1 fails=true", "deploy nowait")
    session.ec.wait_started(session.ec.resources)
    assert "1 FAILED aborted: a critical resource failed" in text(session)


def test_who_is_suspect_is_named_until_it_is_well(session: Session) -> None:
    session("add test::Node h[1-2]")
    toolbar = toolbar_of(session)
    for value, shown in (("true", True), ("false", False)):
        toolbar.see(AttributeSet(0.0, 1, "suspect", value))
        assert (" h1 suspect " in to_plain_text(toolbar())) is shown


@pytest.mark.parametrize("columns", WIDTHS)
def test_it_is_never_wider_than_the_terminal(session: Session, columns: int) -> None:
    session("add test::Node h[1-3]", "deploy h1,h2", "stop h2", "at 1h say later", "at 1h say b")
    assert width(to_plain_text(toolbar_of(session, glyphs=True)(columns))) <= columns


def test_what_matters_least_goes_first() -> None:
    parts = [Part(2, "", " name "), Part(0, ".failed", " 3 FAILED "), Part(7, "", " clock ")]
    assert [text for _, text, *_ in fitted(parts, 17)] == [" name ", " 3 FAILED "]
    assert [text for _, text, *_ in fitted(parts, 12)] == [" 3 FAILED "]
    assert [text for _, text, *_ in fitted(parts, 4)] == ["3 FA"]


def test_events_ask_for_another_line(session: Session) -> None:
    toolbar = toolbar_of(session)
    asked: list[int] = []
    toolbar.redraw = lambda: asked.append(1)
    toolbar.see(StateChanged(0.0, 1, ResourceState.NEW, ResourceState.DISCOVERED))
    assert asked == [1]


def test_a_mistake_of_ours_costs_the_line_only(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    toolbar = Toolbar(session.ctx, Guard(told.append, tmp_path / "log.txt"))
    monkeypatch.setattr(session.ctx.ec, "counts", lambda: 1 / 0)
    assert [toolbar() for _ in range(3)] == [[], [], []]
    assert toolbar.is_off
    assert len(told) == 1
