"""What ends the waits of a thread."""

import signal
from threading import Event, Thread

import pytest

from nepishell.commands.interruptions import Interruptions
from nepishell.commands.signals import Stopped
from tests.commands.stand import Session


@pytest.fixture
def interruptions(session: Session) -> Interruptions:
    made = Interruptions(session.ctx.jobs)
    made.begin()
    session.ctx.waiting = made.waiting
    return made


def test_a_wait_of_the_engine_is_ended(session: Session, interruptions: Interruptions) -> None:
    session("add test::Node h1")
    session.ctx.ec.schedule(0, lambda: interruptions.note(signal.SIGINT))
    with pytest.raises(Stopped):
        session("wait 1h")
    interruptions.forget()
    assert "passed" in str(session.text("wait 1ms"))


def test_what_came_before_is_heard_by_the_next_wait(
    session: Session, interruptions: Interruptions
) -> None:
    told: list[int] = []
    interruptions.on_idle = lambda stopped: told.append(stopped.signum)
    interruptions.note(signal.SIGINT)
    with pytest.raises(Stopped):
        session("wait 1h")
    with pytest.raises(Stopped):
        interruptions.check()
    interruptions.forget()
    interruptions.check()
    assert told == [signal.SIGINT]


def test_the_end_counts_more_than_a_ctrl_c_before_it(interruptions: Interruptions) -> None:
    for signum in (signal.SIGINT, signal.SIGHUP, signal.SIGINT):
        interruptions.note(signum)
    with pytest.raises(Stopped) as caught:
        interruptions.check()
    assert caught.value.signum == signal.SIGHUP


def test_only_waits_of_its_own_thread_end(session: Session, interruptions: Interruptions) -> None:
    begun, over = Event(), Event()

    def wait_elsewhere() -> None:
        begun.set()
        over.wait()

    other = Thread(target=wait_elsewhere)
    other.start()
    begun.wait()
    interruptions.note(signal.SIGINT)
    assert other.is_alive()
    over.set()
    other.join()
