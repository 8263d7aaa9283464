"""Waits end when they should, and say why when they cannot."""

from threading import Event

import pytest

from nepishell.commands.context import WaitTimeout
from nepishell.commands.waiting import unheld
from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def test_a_wait_for_what_is_reached_returns_at_once(running: Session) -> None:
    assert running("wait probe,h1 STARTED").text.startswith("h1,probe are STARTED (waited ")


def test_a_wait_sees_what_a_task_does(running: Session) -> None:
    running("at 10ms stop probe", "wait probe STOPPED timeout 5s")
    assert running.state("probe") == "STOPPED"


def test_a_wait_that_takes_too_long_says_who_is_missing(running: Session) -> None:
    with pytest.raises(WaitTimeout, match=r"not STOPPED after 20ms: 4 \(probe\) is STARTED"):
        running("wait probe STOPPED timeout 20ms")


def test_a_wait_for_what_failed_says_why(pair: Session) -> None:
    pair("set probe fails=true critical=false", "deploy")
    with pytest.raises(NepishellError, match=r"4 \(probe\) FAILED at .*: it was told to"):
        pair("wait probe STARTED")


def test_a_wait_for_what_was_never_deployed_is_an_error(pair: Session) -> None:
    with pytest.raises(NepishellError, match="was never deployed"):
        pair("wait probe STARTED")


def test_time_passes(session: Session) -> None:
    before = session.ec.clock.now()
    assert session("wait 20ms").text == "20ms passed"
    assert session.ec.clock.now() - before >= 0.02


def test_a_wait_for_a_task_ends_with_it(session: Session) -> None:
    assert session("at 10ms say hello", "wait %1 timeout 5s").text == "task %1 is done"
    assert session.emitted == ["hello"]


def test_a_wait_for_a_task_that_takes_too_long_is_a_timeout(session: Session) -> None:
    with pytest.raises(WaitTimeout, match=r"task %1 \(say hello\) has not ended after 10ms"):
        session("at 1h say hello", "wait %1 timeout 10ms")


def test_a_wait_for_a_task_that_failed_says_why(running: Session) -> None:
    with pytest.raises(NepishellError, match=r"task %1 .* failed: expected probe STOPPED"):
        running("at 1ms expect probe STOPPED", "wait %1 timeout 5s")


@pytest.mark.parametrize(
    ("line", "message"),
    [("wait %9", "no group 9|no task '9'"), ("wait prob STOPPED", "no resource 'prob'")],
)
def test_a_wait_for_what_there_is_not_is_an_error(
    running: Session, line: str, message: str
) -> None:
    running("at 1h say hello")
    with pytest.raises(NepishellError, match=message):
        running(line)


def test_only_what_a_condition_holds_back_is_held(pair: Session) -> None:
    pair("when wire STOPPED start h1")
    assert unheld(pair.ctx, pair.ec.resources) == [2, 3]


def test_a_wait_sees_an_action_that_was_begun_before_it(running: Session) -> None:
    running.ctx.waits = False
    running("stop probe", "wait probe STOPPED timeout 20s")
    # still STOPPED when the wait begins, unless the start is waited for
    may_start = Event()
    rm = running.ctx.rm(running.ec.find("probe"))
    base = rm.do_start

    def slow() -> None:
        assert may_start.wait(20)
        base()

    rm.do_start = slow  # type: ignore[method-assign]
    running("start probe")
    with pytest.raises(WaitTimeout, match=r"task %2 \(start probe\) has not ended after 20ms"):
        running("wait probe STOPPED timeout 20ms")
    may_start.set()
    with pytest.raises(WaitTimeout, match="is STARTED"):
        running("wait probe STOPPED timeout 200ms")
