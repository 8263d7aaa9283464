"""How much is told unasked, and following all that happens."""

import os
import signal
from threading import Event, Thread

import pytest

from nepishell.commands.context import Context
from nepishell.commands.following import MOST, News, log_follow
from nepishell.commands.signals import Signals, Stopped
from nepishell.core.errors import NepishellError
from nepishell.core.events import Noted, ResourceAdded, RunAborted, StateChanged
from nepishell.core.states import ResourceState
from tests.commands.stand import Session

READY, STARTED = ResourceState.READY, ResourceState.STARTED


@pytest.fixture
def quiet_loggers(caplog: pytest.LogCaptureFixture) -> None:
    """The level of our loggers is as before afterwards."""
    caplog.set_level("WARNING", logger="nepishell")


@pytest.mark.usefixtures("quiet_loggers")
def test_the_level_is_chosen_and_told(session: Session) -> None:
    assert session.text("log level") == "told unasked: warning and above"
    assert session.text("log level error") == "told unasked from now on: error and above"
    assert session.text("log level") == "told unasked: error and above"


def test_a_level_that_is_none_is_refused(session: Session) -> None:
    with pytest.raises(NepishellError, match="did you mean 'error'"):
        session("log level eror")


def test_following_begins_when_all_is_heard_and_ends_after_its_time(session: Session) -> None:
    session("add test::Node h[1-3]", "add test::App probe on h1", "at 10ms deploy")
    assert "events in 200ms" in session.text("log follow for 200ms")
    told = "\n".join(session.emitted)
    assert "h[1-3],probe: STARTED" in told


def test_only_of_those_that_were_asked_for(session: Session) -> None:
    session("add test::Node h[1-3]", "at 10ms deploy", "log follow h2 for 200ms")
    told = "\n".join(session.emitted)
    assert "h2: STARTED" in told
    assert "h1" not in told


def follow(session: Session, *events: object) -> list[str]:
    """What is shown of *events* that came together, line by line without the times."""

    def happen() -> None:
        for event in events:
            session.ec.bus.post(event)  # type: ignore[arg-type]

    session.ec.schedule(0.01, happen)
    session("log follow for 100ms")
    lines = "\n".join(session.emitted).splitlines()
    return [line.strip().partition("  ")[2].strip() for line in lines]


def test_each_kind_of_event_has_its_words(session: Session) -> None:
    session("add test::Node h1")
    assert follow(
        session,
        ResourceAdded(0.0, 1, "test::Node"),
        Noted(0.0, 1, "info", "installing iperf"),
        Noted(0.0, 0, "warning", "slow\x1b[2J"),
        RunAborted(0.0, 1),
        StateChanged(0.0, 1, READY, ResourceState.FAILED, "no"),
    ) == [
        "h1: installing iperf",
        "warning: slow\\x1b[2J",
        "error: h1: the run is aborted: nothing more will start",
        "h1: FAILED: no",
    ]


def test_a_flood_is_cut_and_counted(session: Session) -> None:
    lines = follow(session, *(Noted(0.0, 0, "info", f"note {n}") for n in range(MOST * 3)))
    assert lines[:2] == ["note 0", "note 1"]
    assert len([line for line in lines if line.startswith("note")]) >= MOST
    assert "more; 'log' has all states" in "\n".join(session.emitted)


def test_a_greater_flood_takes_no_more_memory() -> None:
    news = News(set())
    for number in range(MOST * MOST + 7):
        news.see(StateChanged(0.0, number, READY, STARTED))
    events, left_out = news.take()
    assert (len(events), left_out) == (MOST * MOST, 7)


def test_ctrl_c_ends_it_and_the_experiment_goes_on(session: Session) -> None:
    session("add test::Node h1", "deploy")
    with Signals() as signals:
        session.ctx.waiting = signals.waiting
        session.ec.schedule(0.05, lambda: os.kill(os.getpid(), signal.SIGINT))
        with pytest.raises(Stopped):
            session("log follow")
    assert session.state("h1") == "STARTED"
    assert session.ctx.told.covers("error"), "it is told unasked again"


def test_a_task_that_follows_can_be_cancelled(session: Session) -> None:
    follows = Event()
    session.ctx.emit = lambda shown: follows.set()
    session("at 0s log follow")
    while not follows.wait(0.02):  # until it hears
        session.ec.bus.post(Noted(0.0, 0, "info", "anybody there"))
    session("cancel %1", "wait %1 timeout 20s")


def test_it_cannot_go_on_by_itself(session: Session) -> None:
    with pytest.raises(NepishellError, match="'log follow' cannot go on by itself"):
        session("log follow &")


def test_the_thread_that_follows_is_not_that_of_the_events(session: Session) -> None:
    news: list[object] = []
    ctx: Context = session.ctx
    thread = Thread(target=lambda: news.append(log_follow(ctx, span=0.05)))
    thread.start()
    thread.join()
    assert len(news) == 1
