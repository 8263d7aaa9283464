"""What Ctrl-C says and offers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.shell.interrupts import Interrupts
from tests.commands.stand import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as session:
        yield session


def interrupted(session: Session, waited: str = "wait 1h") -> tuple[Interrupts, list[str]]:
    said: list[str] = []
    interrupts = Interrupts(session.ctx, said.append)
    interrupts.tell(session.interpreter.walk(waited).call)
    return interrupts, said


def test_with_nothing_running_the_experiment_goes_on(session: Session) -> None:
    assert interrupted(session)[1] == ["interrupted; the experiment goes on"]


def test_the_task_that_was_waited_for_is_named(session: Session) -> None:
    session("at 1h say one", "at 1h say two")
    [said] = interrupted(session, "wait %2")[1]
    assert said.startswith("still running: %2 say two; wait %2 or cancel %2")


def test_of_many_tasks_some_are_named(session: Session) -> None:
    session(*["at 1h say one"] * 5)
    [said] = interrupted(session)[1]
    assert said.startswith("still running: %1 say one, %2 say one, %3 say one, 2 more, see 'tasks'")


def test_again_it_offers_to_cancel(session: Session) -> None:
    session("at 1h say one")
    interrupts, _ = interrupted(session)
    asked: list[str] = []
    done: list[str] = []
    interrupts.offer(lambda question: not asked.append(question), done.append)
    interrupts.offer(pytest.fail, pytest.fail)
    assert (asked, done) == (["cancel %1 (say one)?"], ["cancel %1"])


def test_what_has_ended_meanwhile_is_not_offered(session: Session) -> None:
    session("at 1h say one")
    interrupts, _ = interrupted(session)
    session("cancel %1")
    interrupts.offer(pytest.fail, pytest.fail)
