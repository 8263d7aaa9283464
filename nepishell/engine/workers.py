"""Threads that run hooks and tasks, no lock held.

Each lane has its own threads, made when work waits and none is idle, so that twenty hooks that
block in one lane never hold up a stop or a release in another.
"""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread, get_ident

Job = tuple[Callable[..., None], tuple[object, ...]]


class Lane:
    """Up to *limit* daemon threads that take jobs in the order they were put."""

    def __init__(self, name: str, limit: int) -> None:
        self._name = name
        self._limit = limit
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        # a set, because adding and discarding are atomic and a counter's += is not
        self._idle: set[int] = set()
        self._threads: list[Thread] = []

    def put(self, run: Callable[..., None], *args: object) -> None:
        """Queue run(*args). The caller holds the engine's lock; *run* must not raise."""
        self._jobs.put((run, args))
        if self._jobs.qsize() > len(self._idle) and len(self._threads) < self._limit:
            thread = Thread(target=self._work, name=f"nepishell-{self._name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> list[Thread]:
        """Let the threads end after the jobs that wait; gives the threads, to be joined."""
        for _ in self._threads:
            self._jobs.put(None)
        threads, self._threads = self._threads, []
        return threads

    def _work(self) -> None:
        me, idle, get = get_ident(), self._idle, self._jobs.get
        while True:
            idle.add(me)
            job = get()
            idle.discard(me)
            if job is None:
                return
            job[0](*job[1])
