"""ParallelRun: calls in, results out."""

from collections.abc import Iterator
from threading import Event, Lock, current_thread

import pytest

from nepishell import ParallelRun
from nepishell.engine.parallel import Full


class Counter:
    def __init__(self) -> None:
        self.value = 0
        self._lock = Lock()

    def add(self, number: int = 1) -> int:
        with self._lock:
            self.value += number
            return self.value


def fail() -> None:
    raise RuntimeError("as it was told")


@pytest.fixture
def run() -> Iterator[ParallelRun]:
    parallel = ParallelRun(maxthreads=4)
    yield parallel
    parallel.destroy()


def test_every_call_was_made_when_destroy_returns(run: ParallelRun) -> None:
    counter = Counter()
    run.start()
    for _ in range(10):
        run.put(counter.add)
    run.destroy()

    assert counter.value == 10


def test_arguments_arrive(run: ParallelRun) -> None:
    run.start()
    run.put(dict, [("a", 1)], b=2)

    assert list(run) == [{"a": 1, "b": 2}]


def test_emptying_drops_what_waits_and_not_what_runs() -> None:
    began, go_on, counter = Event(), Event(), Counter()

    def block() -> None:
        began.set()
        go_on.wait()
        counter.add()

    with ParallelRun(maxthreads=1) as run:
        run.put(block)
        began.wait()
        for _ in range(100):
            run.put(counter.add)
        run.empty()
        go_on.set()

    assert counter.value == 1


def test_an_exception_is_kept_for_sync_and_the_others_go_on(run: ParallelRun) -> None:
    counter = Counter()
    run.start()
    for _ in range(4):
        run.put(counter.add)
    run.put(fail)
    run.destroy()

    with pytest.raises(RuntimeError, match="as it was told"):
        run.sync()
    assert counter.value == 4
    run.sync()  # told once


def test_sync_does_not_wait() -> None:
    go_on = Event()
    with ParallelRun(maxthreads=1) as run:
        run.put(go_on.wait)
        run.sync()
        go_on.set()


def test_results_come_in_the_order_the_calls_ended() -> None:
    slow_may_end = Event()

    def slow() -> str:
        slow_may_end.wait()
        return "slow"

    with ParallelRun(maxthreads=2) as run:
        run.put(slow)
        run.put(lambda: "quick")
        found = iter(run)
        first = next(found)
        slow_may_end.set()

        assert [first, *found] == ["quick", "slow"]


def test_iteration_ends_when_a_call_failed_last(run: ParallelRun) -> None:
    run.start()
    run.put(fail)

    assert list(run) == []


def test_nothing_is_kept_when_nobody_wants_results() -> None:
    with ParallelRun(maxthreads=1, results=False) as run:
        for _ in range(10):
            run.put(lambda: "unread")
    assert list(run) == []


def test_put_nowait_is_refused_when_the_queue_is_full() -> None:
    began, go_on = Event(), Event()

    def block() -> None:
        began.set()
        go_on.wait()

    with ParallelRun(maxthreads=1, maxqueue=1) as run:
        run.put(block)
        began.wait()
        run.put_nowait(int)
        with pytest.raises(Full):
            run.put_nowait(int)
        go_on.set()


def test_put_waits_for_room() -> None:
    counter = Counter()
    with ParallelRun(maxthreads=1, maxqueue=1) as run:
        for _ in range(50):
            run.put(counter.add)
    assert counter.value == 50


def test_starting_twice_starts_no_second_threads(run: ParallelRun) -> None:
    run.start()
    run.start()

    assert len(run._threads) == 4


def test_what_was_joined_cannot_start_again(run: ParallelRun) -> None:
    run.start()
    run.join()

    with pytest.raises(RuntimeError, match="joined"):
        run.start()


def test_calls_that_were_put_in_before_start_are_made() -> None:
    run = ParallelRun(maxthreads=2)
    counter = Counter()
    run.put(counter.add)
    run.start()
    run.destroy()

    assert counter.value == 1


def test_a_call_that_exits_does_not_hang_the_iteration(run: ParallelRun) -> None:
    def leave() -> None:
        raise SystemExit(3)

    run.start()
    run.put(leave)
    run.put(lambda: "after")

    assert list(run) == ["after"]


def test_calls_run_on_threads_of_its_own(run: ParallelRun) -> None:
    run.start()
    run.put(lambda: current_thread().name)

    assert list(run) == ["parallel-run"]
