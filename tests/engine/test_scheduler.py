"""Whatever has to happen at a time."""

from collections.abc import Callable
from itertools import pairwise
from threading import Event

import pytest

from nepishell import ExperimentController, ResourceState, TaskStatus, WrongState
from nepishell.core.events import TaskFinished
from nepishell.engine import scheduler
from nepishell.testing import EventLog, Recorder, advance, virtual

STARTED = ResourceState.STARTED


def chain(ec: ExperimentController, length: int, gap: str) -> list[int]:
    """Resources of which each starts *gap* after the one before."""
    guids = [ec.register_resource("test::Recorder") for _ in range(length)]
    for one, two in pairwise(guids):
        ec.register_condition(two, "start", one, "STARTED", gap)
    ec.deploy(guids)
    return guids


def test_a_chain_of_a_hundred_takes_exactly_its_offsets(ec: ExperimentController) -> None:
    guids = chain(ec, 100, "30s")
    assert ec.wait_started(guids)

    first, last = ec.get_resource(guids[0]), ec.get_resource(guids[-1])
    assert first is not None
    assert last is not None
    assert last._stamps[STARTED] - first._stamps[STARTED] == 2970.0  # type: ignore[operator]
    assert ec.clock.now() == 2970.0


def test_equal_times_come_first_in_first_out_one_by_one() -> None:
    with virtual(nthreads=1) as ec:
        seen: list[int] = []
        for number in range(100):
            ec.schedule("5s", lambda number=number: seen.append(number))
        advance(ec, 5)

        assert seen == list(range(100))


def test_tasks_run_by_time_not_by_arrival(ec: ExperimentController) -> None:
    seen: list[tuple[float, int]] = []
    for delay in (5, 1, 3, 2, 4):
        ec.schedule(delay, lambda delay=delay: seen.append((ec.clock.now(), delay)))
    advance(ec, 10)

    assert seen == [(1.0, 1), (2.0, 2), (3.0, 3), (4.0, 4), (5.0, 5)]


def test_time_stands_still_while_nobody_waits(ec: ExperimentController) -> None:
    ran = Event()
    ec.schedule("1s", ran.set)
    advance(ec, 0)

    assert ec.clock.now() == 0.0
    assert not ran.is_set()


def test_advancing_ends_at_the_moment_asked_for(ec: ExperimentController) -> None:
    seen: list[float] = []
    for delay in (1, 2, 2.5, 3):
        ec.schedule(delay, lambda: seen.append(ec.clock.now()))
    advance(ec, 2.5)

    assert (ec.clock.now(), seen) == (2.5, [1.0, 2.0, 2.5])
    advance(ec, 10)
    assert (ec.clock.now(), seen) == (12.5, [1.0, 2.0, 2.5, 3.0])


def test_a_task_that_schedules_itself_runs_once_per_interval(ec: ExperimentController) -> None:
    seen: list[float] = []

    def tick() -> None:
        seen.append(ec.clock.now())
        ec.schedule("10s", tick)

    ec.schedule("10s", tick)
    advance(ec, 45)

    assert seen == [10.0, 20.0, 30.0, 40.0]


def test_time_does_not_move_while_a_task_runs(ec: ExperimentController) -> None:
    began, go_on = Event(), Event()
    seen: list[float] = []

    def slow() -> None:
        began.set()
        go_on.wait(20)
        seen.append(ec.clock.now())

    ec.schedule("1s", slow)
    ec.schedule("2s", go_on.set)  # would let it go on if time moved

    def release_it() -> None:
        began.wait(20)
        go_on.set()

    ec.schedule("1s", release_it)
    advance(ec, 5)

    assert seen == [1.0]


def test_a_tracked_task_tells_its_result(ec: ExperimentController) -> None:
    tid = ec.schedule("0s", lambda: 42, track=True)
    advance(ec)
    task = ec.get_task(tid)

    assert task is not None
    assert (task.status, task.result, task.error) == (TaskStatus.DONE, 42, "")


def test_a_task_that_raises_is_an_error_and_the_run_goes_on(ec: ExperimentController) -> None:
    tid = ec.schedule("0s", lambda: 1 / 0, track=True)
    after = ec.schedule("1s", lambda: "after", track=True)
    advance(ec, 1)
    task, later = ec.get_task(tid), ec.get_task(after)

    assert task is not None
    assert later is not None
    assert (task.status, task.error) == (TaskStatus.ERROR, "ZeroDivisionError: division by zero")
    assert "Traceback" in str(task.result)
    assert later.result == "after"
    assert not ec.abort


def test_a_task_that_exits_is_an_error_too(ec: ExperimentController) -> None:
    def leave() -> None:
        raise SystemExit(3)

    tid = ec.schedule("0s", leave, track=True)
    advance(ec)
    task = ec.get_task(tid)

    assert task is not None
    assert (task.status, task.error) == (TaskStatus.ERROR, "SystemExit: 3")


def test_a_task_that_is_not_tracked_is_not_kept(ec: ExperimentController) -> None:
    tid = ec.schedule("1s", int)

    assert ec.get_task(tid) is None
    advance(ec, 2)
    assert ec.get_task(tid) is None


def test_tracked_tasks_do_not_pile_up(
    ec: ExperimentController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "KEPT_TASKS", 10)
    tids = [ec.schedule(number, int, track=True) for number in range(50)]
    advance(ec, 60)

    kept = [tid for tid in tids if ec.get_task(tid) is not None]
    assert kept == tids[-10:]


def test_a_cancelled_task_does_not_run(ec: ExperimentController) -> None:
    seen: list[int] = []
    tid = ec.schedule("1s", lambda: seen.append(1), track=True)

    assert ec.cancel(tid)
    assert not ec.cancel(tid)
    advance(ec, 5)
    task = ec.get_task(tid)
    assert task is not None
    assert (seen, task.status) == ([], TaskStatus.CANCELLED)


def test_an_untracked_task_can_be_cancelled_too(ec: ExperimentController) -> None:
    seen: list[int] = []
    tid = ec.schedule("1s", lambda: seen.append(1))

    assert ec.cancel(tid)
    advance(ec, 5)
    assert seen == []


def test_what_began_or_never_was_cannot_be_cancelled(ec: ExperimentController) -> None:
    done = ec.schedule("0s", int, track=True)
    advance(ec)

    assert not ec.cancel(done)
    assert not ec.cancel(10**6)


def test_a_task_that_runs_cannot_be_cancelled(ec: ExperimentController) -> None:
    answers: list[bool] = []
    tids: list[int] = []
    tids.append(ec.schedule("1s", lambda: answers.append(ec.cancel(tids[0])), track=True))
    advance(ec, 1)
    task = ec.get_task(tids[0])

    assert answers == [False]
    assert task is not None
    assert task.status is TaskStatus.DONE


def test_the_end_of_a_task_is_told(ec: ExperimentController, log: EventLog) -> None:
    one = ec.schedule("1s", int)
    two = ec.schedule("2s", lambda: [][0])
    advance(ec, 2)

    assert log.of(TaskFinished) == [
        (1.0, one, ""),
        (2.0, two, "IndexError: list index out of range"),
    ]


def test_shutdown_forgets_what_is_still_to_come() -> None:
    ec = virtual()
    seen: list[int] = []
    tid = ec.schedule("1s", lambda: seen.append(1), track=True)
    ec.shutdown()
    task = ec.get_task(tid)

    assert task is not None
    assert (seen, task.status) == ([], TaskStatus.CANCELLED)


def test_shutdown_forgets_what_waits_for_a_worker() -> None:
    ec = virtual(nthreads=1)
    began, go_on = Event(), Event()
    seen: list[int] = []

    def slow() -> None:
        began.set()
        go_on.wait(20)

    ec.schedule("0s", slow)
    began.wait(20)
    tids = [ec.schedule("0s", lambda: seen.append(1), track=True) for _ in range(5)]
    ec.register_resource("test::Recorder")
    ec.schedule = lambda *args, **kwargs: 0  # type: ignore[method-assign]
    ec.bus.subscribe(lambda event: go_on.set())  # the release of the resource lets the task end
    ec.shutdown()

    assert seen == []
    assert {ec.get_task(tid).status for tid in tids} == {  # type: ignore[union-attr]
        TaskStatus.CANCELLED
    }


def test_a_wait_inside_a_task_lets_time_pass(ec: ExperimentController) -> None:
    guids = chain(ec, 3, "10s")
    tid = ec.schedule("0s", lambda: bool(ec.wait_started(guids)), track=True)
    advance(ec, 30)
    task = ec.get_task(tid)

    assert task is not None
    assert task.result is True


def test_after_a_wait_inside_a_task_time_stands_still_for_it(ec: ExperimentController) -> None:
    guids = chain(ec, 2, "10s")
    seen: list[float] = []

    def wait_and_look() -> None:
        ec.wait_started(guids)
        seen.append(ec.clock.now())

    ec.schedule("0s", wait_and_look)
    ec.schedule("60s", int)
    advance(ec, 100)

    assert seen == [10.0]


def test_a_shutdown_may_come_from_a_task() -> None:
    ec = virtual()
    guid = ec.register_resource("test::Recorder")
    ec.deploy(guid)
    ec.wait_started(guid)
    over = Event()

    def end() -> None:
        ec.shutdown()
        over.set()

    ec.schedule("0s", end)
    assert over.wait(20)
    assert ec.state(guid) is ResourceState.RELEASED
    for worker in ec._scheduler.workers._all:
        worker.thread.join(20)


@pytest.mark.parametrize("run", [str, lambda: Recorder])
def test_the_callback_must_be_callable(ec: ExperimentController, run: Callable[[], object]) -> None:
    assert ec.schedule("1s", run) > 0
    with pytest.raises(ValueError, match="cannot be called"):
        ec.schedule("1s", "not a function")  # type: ignore[arg-type]


def test_nothing_can_be_scheduled_once_the_run_is_over() -> None:
    ec = virtual()
    ec.shutdown()

    with pytest.raises(WrongState, match="the run is over"):
        ec.schedule("0s", int)


def test_who_lets_time_pass_finds_it_passed_and_not_a_moment_more() -> None:
    with virtual() as ec:
        ec.schedule("10s", lambda: None)
        ec.let_pass(3.0)
        assert ec.clock.now() == 3.0


def test_a_pause_is_ended_before_its_time_by_who_may() -> None:
    with ExperimentController("pause") as ec:
        ec.let_pass(3600.0, begun=lambda end: end())
        assert ec.clock.now() < 3600.0


def test_a_task_may_let_time_pass() -> None:
    with virtual() as ec:
        seen: list[float] = []

        def task() -> None:
            ec.let_pass(5.0)
            seen.append(ec.clock.now())

        ec.schedule("1s", task)
        advance(ec, 10.0)
        assert seen == [6.0]
