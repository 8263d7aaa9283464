"""Commands for later, by lines."""

import pytest

from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def test_at_runs_a_command_once_when_its_time_comes(pair: Session) -> None:
    assert pair("at 10ms set wire delay 1s").text == "in 10ms: set wire delay 1s (task %1)"
    assert pair.ec.get(3, "delay") == 0.02
    pair("wait %1 timeout 5s")
    assert pair.ec.get(3, "delay") == 1.0


def test_at_takes_a_time_on_the_clock_of_the_experiment(session: Session) -> None:
    session("wait 5ms", "at t+1ms say now", "wait %1 timeout 5s")
    assert session.emitted == ["now"]


def test_a_command_for_later_is_read_when_it_is_typed(session: Session) -> None:
    with pytest.raises(NepishellError, match="no resource 'wire'"):
        session("at 1s set wire delay 1s")
    assert session.text("tasks | count | csv") == "count\n0"


def test_an_action_for_later_is_done_when_its_task_is(running: Session) -> None:
    running.ctx.waits = False
    running("at 1ms stop probe", "wait %1 timeout 5s")
    assert running.state("probe") == "STOPPED"


def test_every_runs_again_and_again_until_it_has_run_often_enough(session: Session) -> None:
    session("every 1ms times 3 say tick", "wait %1 timeout 5s")
    assert session.emitted == ["tick"] * 3


def test_every_ends_when_its_command_fails(running: Session) -> None:
    running("every 1ms expect probe STOPPED")
    with pytest.raises(NepishellError, match="expected probe STOPPED"):
        running("wait %1 timeout 5s")
    assert running.text("tasks | cols progress,runs | csv") == "progress,runs\nfailed,1"


def test_an_interval_of_nothing_is_refused(session: Session) -> None:
    with pytest.raises(NepishellError, match="an interval of 0 would never end"):
        session("every 0s say tick")


def test_what_was_to_come_is_cancelled(session: Session) -> None:
    session("at 1h say never", "every 1h say never", "cancel %1 %2")
    assert session.text("tasks | cols task,progress | csv").splitlines()[1:] == [
        "%1,cancelled",
        "%2,cancelled",
    ]


def test_what_has_ended_is_not_cancelled(session: Session) -> None:
    session("at 1ms say now", "wait %1 timeout 5s")
    with pytest.raises(NepishellError, match="is done: nothing of it is left to cancel"):
        session("cancel %1")


def test_a_deployment_is_not_cancelled_but_released(pair: Session) -> None:
    pair("when wire STOPPED start probe", "deploy nowait")
    with pytest.raises(NepishellError, match="a deployment is taken back by 'release'"):
        pair("cancel %1")


def test_tasks_are_listed_with_what_they_do(session: Session) -> None:
    session("at 1h say 'in an hour'")
    assert session.text("tasks | cols task,progress,runs,line | csv").splitlines()[1] == (
        "%1,waiting,0,say 'in an hour'"
    )
