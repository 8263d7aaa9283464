"""ParallelRun: put calls in, take results out in the order they end (NEPI section 8)."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from threading import Condition, Thread
from typing import Any, Self

_Call = tuple[Callable[..., object], tuple[object, ...], dict[str, Any]]


class Full(Exception):
    """put_nowait found *maxqueue* calls waiting."""


class ParallelRun:
    """*maxthreads* daemon threads (default: the number of CPUs) that run what is put in.

    An exception of a call is stored, the others go on; sync() raises the first one.
    With *results* False nothing is kept for iteration.
    """

    def __init__(
        self, maxthreads: int | None = None, maxqueue: int | None = None, results: bool = True
    ) -> None:
        self._maxthreads = maxthreads or os.cpu_count() or 4
        self._maxqueue = maxqueue
        self._keep = results
        self._changed = Condition()
        self._calls: deque[_Call] = deque()
        self._results: deque[object] = deque()
        self._errors: list[BaseException] = []
        self._running = 0
        self._closing = False
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Start the threads; idempotent. RuntimeError after join."""
        if self._closing:
            raise RuntimeError("a ParallelRun that was joined cannot start again")
        while len(self._threads) < self._maxthreads:
            thread = Thread(target=self._work, name="parallel-run", daemon=True)
            self._threads.append(thread)
            thread.start()

    def put(self, fn: Callable[..., object], *args: object, **kwargs: object) -> None:
        """Enqueue a call; blocks while *maxqueue* calls wait."""
        with self._changed:
            self._changed.wait_for(self._has_room)
            self._calls.append((fn, args, kwargs))
            self._changed.notify_all()

    def put_nowait(self, fn: Callable[..., object], *args: object, **kwargs: object) -> None:
        """Enqueue a call or raise Full."""
        with self._changed:
            if not self._has_room():
                raise Full(f"{self._maxqueue} calls wait already")
            self._calls.append((fn, args, kwargs))
            self._changed.notify_all()

    def empty(self) -> None:
        """Drop the calls that wait; those that run go on."""
        with self._changed:
            self._calls.clear()
            self._changed.notify_all()

    def sync(self) -> None:
        """Raise the first stored exception and forget all; does not wait."""
        with self._changed:
            errors, self._errors = self._errors, []
        if errors:
            raise errors[0]

    def join(self) -> None:
        """Wait for every call that was put in, end the threads; raises nothing."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def destroy(self) -> None:
        """join(), and forget the threads."""
        self.join()
        self._threads.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.destroy()

    def __iter__(self) -> Iterator[object]:
        """Results in the order the calls ended; ends when nothing waits, runs or is left."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._results or self._is_idle())
                if not self._results:
                    return
                result = self._results.popleft()
            yield result

    def _has_room(self) -> bool:
        return self._maxqueue is None or len(self._calls) < self._maxqueue

    def _is_idle(self) -> bool:
        return not self._calls and not self._running

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._calls or self._closing)
                if not self._calls:
                    return
                fn, args, kwargs = self._calls.popleft()
                self._running += 1
                self._changed.notify_all()
            self._run(fn, args, kwargs)

    def _run(
        self, fn: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, Any]
    ) -> None:
        result: object = None
        error: BaseException | None = None
        try:
            result = fn(*args, **kwargs)
        except (Exception, SystemExit) as exc:  # round a task: what it raises is kept for sync()
            error = exc
        with self._changed:
            self._running -= 1
            if error is not None:
                self._errors.append(error)
            elif self._keep:
                self._results.append(result)
            self._changed.notify_all()
