"""Commands for later, by lines."""

from pathlib import Path
from threading import Event

import pytest

from nepishell.core.errors import NepishellError
from tests.commands.prober import open_stand
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


def test_what_follows_a_line_for_later_is_for_that_line(session: Session, tmp_path: Path) -> None:
    session("add test::Node h1", f"at 1ms list | cols label | csv > {tmp_path}/later.csv")
    session("wait %1 timeout 5s")
    assert (tmp_path / "later.csv").read_text() == "label\nh1\n"
    assert "list | cols label | csv >" in session.text("tasks")


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


def test_of_a_cancelled_deployment_stays_what_is_built(pair: Session) -> None:
    pair("add test::Node late", "when wire STOPPED start probe", "when probe STARTED deploy late")
    pair("deploy alone nowait", "wait h1,h2,wire STARTED", "wait probe READY")
    said = pair("cancel %1").text
    assert said.startswith(
        "cancelled %1 (deploy alone nowait): late not begun, probe READY and not"
    )
    assert "'release' takes down what is built" in said
    pair("stop wire")
    assert [pair.state(name) for name in ("probe", "late", "h1")] == ["READY", "NEW", "STARTED"]
    assert pair.text("tasks | cols progress | csv") == "progress\ncancelled"
    pair("deploy late nowait", "start probe", "wait late STARTED timeout 20s")


def test_a_wait_in_a_task_is_cancelled(running: Session) -> None:
    running("at 0s wait probe STOPPED", "at 0s wait 1h", "at 0s wait %2", "cancel %3", "cancel %1")
    running("cancel %2", "wait %1", "wait %2", "wait %3")
    assert running.text("tasks | cols progress | csv").split() == ["progress", *3 * ["cancelled"]]


def test_what_cannot_be_interrupted_says_so(running: Session) -> None:
    stops, may_stop = Event(), Event()
    rm = running.ctx.rm(running.ec.find("probe"))
    base = rm.do_stop

    def slow() -> None:
        stops.set()
        assert may_stop.wait(20)
        base()

    rm.do_stop = slow  # type: ignore[method-assign]
    running("stop probe nowait")
    assert stops.wait(20)
    assert "probe: do_stop runs" in running.text("tasks | json")
    with pytest.raises(
        NepishellError, match=r"%1 \(stop probe nowait\) is running: cannot be inter"
    ):
        running("cancel %1")
    may_stop.set()
    running("wait %1 timeout 20s")
    assert running.state("probe") == "STOPPED"


def test_tasks_say_what_they_wait_for(pair: Session) -> None:
    pair("when wire STOPPED start probe", "deploy nowait", "wait h1,h2,wire STARTED")
    assert "probe: start waits for wire to be STOPPED" in pair.text("tasks | json")


def test_tasks_are_listed_with_what_they_do(session: Session) -> None:
    session("at 1h say 'in an hour'")
    assert session.text("tasks | cols task,progress,runs,line | csv").splitlines()[1] == (
        "%1,waiting,0,say 'in an hour'"
    )


def test_what_destroys_later_is_asked_for_now(running: Session) -> None:
    asked: list[str] = []
    running.ctx.confirm = lambda question: bool(asked.append(question))
    assert running("at 1h release probe").text == "nothing is planned"
    assert running("every 1h release probe").text == "nothing is planned"
    assert asked == ["in 1h: release probe?", "every 1h: release probe?"]
    running("at 1h stop probe")
    assert len(asked) == 2


def test_every_lasts_as_long_as_a_resource_is_in_a_state(tmp_path: Path) -> None:
    with open_stand(tmp_path) as stand:
        stand.session("every 1s while probe STARTED say tick")
        assert "probe to be STARTED" in stand.session.text("tasks")
        stand.settle(5.0)
        assert stand.said == []
        stand.start()
        stand.settle(3.5)
        assert stand.said == ["tick"] * 3
        stand.session("stop probe")
        stand.settle(5.0)
        assert stand.said == ["tick"] * 3
        assert stand.session.text("tasks | cols progress,runs | csv") == (
            "progress,runs\ndone,3\ndone,0\ndone,1"
        )


def test_every_while_begins_at_once_where_it_is_so(tmp_path: Path) -> None:
    with open_stand(tmp_path) as stand:
        stand.start()
        stand.session("every 1s times 2 while probe STARTED say tick")
        stand.settle(9.0)
        assert stand.said == ["tick"] * 2


def test_every_while_is_taken_back_before_it_begins(tmp_path: Path) -> None:
    with open_stand(tmp_path) as stand:
        stand.session("every 1s while probe STARTED say tick", "cancel %1")
        stand.start()
        stand.settle(5.0)
        assert stand.said == []


def test_every_while_ends_with_what_it_waits_for(tmp_path: Path) -> None:
    with open_stand(tmp_path) as stand:
        stand.session("every 1s while probe STARTED say tick", "remove probe")
        stand.settle()
        assert "done" in stand.session.text("tasks")
