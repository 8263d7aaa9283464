"""Tasks and the heap they wait in."""

from hypothesis import given
from hypothesis import strategies as st

from nepishell import HeapScheduler, Task, TaskStatus


def task(timestamp: object) -> Task:
    return Task(timestamp, lambda: None)


def drained(heap: HeapScheduler) -> list[Task]:
    found = []
    while (one := heap.next()) is not None:
        found.append(one)
    return found


def test_a_new_task_has_not_run() -> None:
    one = task("5s")

    assert (one.id, one.result, one.status) == (None, None, TaskStatus.NEW)


def test_statuses_have_the_numbers_of_nepi() -> None:
    assert [(s.name, s.value) for s in TaskStatus][:3] == [("NEW", 0), ("DONE", 1), ("ERROR", 2)]


@given(st.lists(st.integers(0, 5)))
def test_tasks_come_out_by_time_and_first_in_first_out_at_equal_times(times: list[int]) -> None:
    heap = HeapScheduler()
    tasks = [heap.schedule(task(time)) for time in times]

    assert drained(heap) == sorted(tasks, key=lambda one: one.timestamp)


def test_schedule_gives_growing_ids_and_the_task_itself() -> None:
    heap = HeapScheduler()
    one = task(2)

    assert heap.schedule(one) is one
    assert [one.id, heap.schedule(task(1)).id] == [1, 2]


def test_a_task_that_is_scheduled_again_keeps_its_id() -> None:
    heap = HeapScheduler()
    one = heap.schedule(task(1))
    heap.next()
    one.timestamp = 2

    assert heap.schedule(one).id == 1


def test_the_next_of_an_empty_heap_is_none() -> None:
    heap = HeapScheduler()

    assert heap.next() is None
    assert next(heap) is None


def test_next_does_not_look_at_the_clock() -> None:
    heap = HeapScheduler()
    far = heap.schedule(task(10**9))

    assert heap.next() is far


def test_a_removed_task_does_not_come_out() -> None:
    heap = HeapScheduler()
    gone, left = heap.schedule(task(1)), heap.schedule(task(2))
    assert gone.id is not None
    heap.remove(gone.id)

    assert drained(heap) == [left]


def test_removing_an_unknown_task_is_silent() -> None:
    HeapScheduler().remove(99)


def test_pending_is_what_waits() -> None:
    heap = HeapScheduler()
    one, two = heap.schedule(task(1)), heap.schedule(task(2))
    heap.next()

    assert heap.pending == {two.id}
    assert heap.tasks() == [two]
    assert one.id not in heap.pending


def test_peek_leaves_the_task_where_it_is() -> None:
    heap = HeapScheduler()
    one = heap.schedule(task(1))

    assert heap.peek() is one
    assert heap.next() is one


def test_removed_tasks_do_not_pile_up() -> None:
    heap = HeapScheduler()
    for number in range(10_000):
        one = heap.schedule(task(number))
        assert one.id is not None
        heap.remove(one.id)

    assert len(heap._heap) < 200


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=300))
def test_removing_leaves_the_order_of_the_others(plan: list[tuple[int, bool]]) -> None:
    heap = HeapScheduler()
    tasks = [(heap.schedule(task(time)), keep) for time, keep in plan]
    for one, keep in tasks:
        if not keep and one.id is not None:
            heap.remove(one.id)

    kept = [one for one, keep in tasks if keep]
    assert drained(heap) == sorted(kept, key=lambda one: one.timestamp)
