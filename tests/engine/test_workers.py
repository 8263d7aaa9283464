"""Threads that run hooks and tasks: every job once, and no lane holds up another."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from threading import Event, Lock, Thread

import pytest

from nepishell.engine.workers import Workers

LONG = 20.0  # seconds after which a test gives up; never reached when all is well


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers([2, 2, 2], Lock())
    yield made
    made.stop()


def put(workers: Workers, lane: int, run: Callable[[], object]) -> None:
    workers.put(workers.lanes[lane], lambda one, two: run() and None, None, None)


def block(workers: Workers, lane: int, how_many: int) -> Event:
    """Occupy *how_many* workers of a lane until the event that is returned is set."""
    go_on, began = Event(), [Event() for _ in range(how_many)]

    def wait(one: object, two: object) -> None:
        assert isinstance(one, Event)
        one.set()
        go_on.wait(LONG)

    for event in began:
        workers.put(workers.lanes[lane], wait, event, None)
    assert all(event.wait(LONG) for event in began)
    return go_on


def test_hands_both_arguments_over(workers: Workers) -> None:
    seen: list[object] = []
    done = Event()

    def job(one: object, two: object) -> None:
        seen.extend([one, two])
        done.set()

    workers.put(workers.lanes[0], job, "one", "two")

    assert done.wait(LONG)
    assert seen == ["one", "two"]


@pytest.mark.parametrize("blocked", [0, 1, 2])
def test_a_blocked_lane_does_not_hold_up_the_others(workers: Workers, blocked: int) -> None:
    go_on = block(workers, blocked, 2)
    try:
        for lane in {0, 1, 2} - {blocked}:
            done = Event()
            put(workers, lane, done.set)
            assert done.wait(LONG)
    finally:
        go_on.set()


def test_two_blocked_lanes_do_not_hold_up_the_third(workers: Workers) -> None:
    gates = [block(workers, 1, 2), block(workers, 2, 2)]
    done = Event()
    put(workers, 0, done.set)
    try:
        assert done.wait(LONG)
    finally:
        for gate in gates:
            gate.set()


def test_a_blocked_job_does_not_hold_up_those_behind_it_in_its_lane(workers: Workers) -> None:
    go_on = block(workers, 1, 1)
    done = Event()
    for _ in range(500):
        put(workers, 1, int)
    put(workers, 1, done.set)
    try:
        assert done.wait(LONG)
    finally:
        go_on.set()


def test_what_waits_for_a_full_lane_runs_when_there_is_room(workers: Workers) -> None:
    go_on = block(workers, 1, 2)
    done = Event()
    put(workers, 1, done.set)
    go_on.set()

    assert done.wait(LONG)


def test_no_lane_runs_more_jobs_at_a_time_than_its_limit(workers: Workers) -> None:
    lock, running, most, left = Lock(), 0, 0, threading.Semaphore(0)

    def job() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.001)  # blocked for long enough that others are woken
        with lock:
            running -= 1
        left.release()

    for _ in range(100):
        put(workers, 1, job)
    for _ in range(100):
        assert left.acquire(timeout=LONG)
    assert 1 <= most <= 2


def test_runs_in_the_order_of_arrival_while_one_worker_is_enough() -> None:
    workers = Workers([1], Lock())
    seen: list[object] = []
    for number in range(1000):
        workers.put(workers.lanes[0], lambda one, two: seen.append(one), number, None)
    workers.stop()

    assert seen == list(range(1000))


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_every_job_runs_exactly_once_under_many_putters(limit: int) -> None:
    workers = Workers([limit] * 3, Lock())
    ran: Counter[object] = Counter()
    count_lock, finished = Lock(), Event()
    putters, each = 6, 500

    def job(one: object, two: object) -> None:
        with count_lock:
            ran[one] += 1
            if ran.total() == putters * each:
                finished.set()

    def put_many(putter: int) -> None:
        for number in range(each):
            workers.put(workers.lanes[number % 3], job, (putter, number), None)

    threads = [Thread(target=put_many, args=(number,)) for number in range(putters)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert finished.wait(LONG)
    workers.stop()

    assert len(ran) == putters * each
    assert set(ran.values()) == {1}


def test_no_wake_up_is_lost_when_jobs_come_one_by_one() -> None:
    # each job is put the moment the one before ended: the worker is just then going to park
    workers = Workers([2, 2, 2], Lock())
    for number in range(3000):
        done = Event()
        workers.put(workers.lanes[number % 3], lambda one, two: one.set(), done, None)
        assert done.wait(LONG), number
    workers.stop()


def test_jobs_that_put_jobs_are_all_run_before_stop_returns() -> None:
    workers = Workers([2, 2], Lock())
    seen: list[int] = []

    def job(left: object, _: object) -> None:
        assert isinstance(left, int)
        seen.append(left)
        if left:
            workers.put(workers.lanes[left % 2], job, left - 1, None)

    workers.put(workers.lanes[0], job, 200, None)
    workers.stop()

    assert seen == list(range(200, -1, -1))


def test_stop_waits_for_what_is_queued() -> None:
    workers = Workers([1], Lock())
    go_on, seen = Event(), list[object]()
    workers.put(workers.lanes[0], lambda one, two: go_on.wait(LONG) and None, None, None)
    for number in range(10):
        workers.put(workers.lanes[0], lambda one, two: seen.append(one), number, None)
    go_on.set()
    workers.stop()

    assert seen == list(range(10))


def test_stopping_what_never_ran_returns() -> None:
    Workers([1], Lock()).stop()


def test_stop_may_come_from_a_job() -> None:
    workers = Workers([1, 1], Lock())
    stopped = Event()

    def job(one: object, two: object) -> None:
        workers.stop()
        stopped.set()

    workers.put(workers.lanes[0], job, None, None)

    assert stopped.wait(LONG)
    for worker in workers._all:
        worker.thread.join(LONG)


def test_many_controllers_start_and_stop_without_losing_a_job() -> None:
    def add(seen: object, number: object) -> None:
        assert isinstance(seen, list)
        seen.append(number)

    for _ in range(100):
        workers = Workers([2, 2, 2], Lock())
        seen: list[int] = []
        for number in range(6):
            workers.put(workers.lanes[number % 3], add, seen, number)
        workers.stop()
        assert sorted(seen) == list(range(6))


def test_no_second_thread_is_made_for_work_that_does_not_block(workers: Workers) -> None:
    for _ in range(20):
        done = Event()
        put(workers, 0, done.set)
        done.wait(LONG)

    assert len(workers._all) <= 2
