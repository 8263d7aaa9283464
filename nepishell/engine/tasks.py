"""Tasks and the heap they wait in (NEPI section 7).

The scheduler hands tasks over, it never runs them: `next()` gives the earliest and does not look
at the clock. Equal times come out in the order they went in.
"""

from collections.abc import Callable
from enum import IntEnum
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any


class TaskStatus(IntEnum):
    """How far a task is; NEPI's numbers, and CANCELLED."""

    NEW = 0
    DONE = 1
    ERROR = 2
    CANCELLED = 3


NEW = TaskStatus.NEW


class Task:
    """A callback without arguments and when it is due (*timestamp*: seconds on the run's clock).

    After it ran, *result* is what it returned, or the traceback's text when *status* is ERROR.
    """

    __slots__ = (
        "begun", "callback", "error", "id", "inline", "kept", "result", "status", "timestamp",
    )  # fmt: skip

    def __init__(
        self, timestamp: Any, callback: Callable[[], object], *, inline: bool = False
    ) -> None:
        self.id: int | None = None
        self.timestamp = timestamp
        self.callback = callback
        #: the engine's own short step: called by the scheduler thread under the engine's lock
        self.inline = inline
        #: whether it runs: set for tracked tasks only, which are those that can still be cancelled
        self.begun = False
        #: whether a shutdown leaves it in
        self.kept = False
        self.result: object = None
        self.error = ""
        self.status = NEW


class HeapScheduler:
    """A heap of tasks ordered by (timestamp, id). Not locked: its owner locks it."""

    def __init__(self) -> None:
        self._heap: list[tuple[Any, int, Task]] = []
        self._live: set[int] = set()
        self._ids = count(1)

    @property
    def pending(self) -> set[int]:
        """The ids of tasks that wait."""
        return self._live

    def tasks(self) -> list[Task]:
        """The tasks that wait, in no order."""
        return [task for _, tid, task in self._heap if tid in self._live]

    def new_id(self) -> int:
        """An id for a task that never enters the heap."""
        return next(self._ids)

    def schedule(self, task: Task) -> Task:
        """Put *task* in; it keeps its id when it had one."""
        if task.id is None:
            task.id = next(self._ids)
        self._live.add(task.id)
        heappush(self._heap, (task.timestamp, task.id, task))
        return task

    def remove(self, tid: int) -> None:
        """Forget a task; silent when it is not there."""
        self._live.discard(tid)
        # lazily removed entries must not pile up (bug B14)
        if len(self._heap) > 64 and len(self._heap) > 2 * len(self._live):
            self._heap = [entry for entry in self._heap if entry[1] in self._live]
            heapify(self._heap)

    def peek(self) -> Task | None:
        """The earliest task, left in; None when empty."""
        while self._heap:
            if self._heap[0][1] in self._live:
                return self._heap[0][2]
            heappop(self._heap)
        return None

    def __next__(self) -> Task | None:
        """The earliest task, taken out; None when empty (never StopIteration)."""
        task = self.peek()
        if task is not None and task.id is not None:
            heappop(self._heap)
            self._live.discard(task.id)
        return task

    next = __next__
