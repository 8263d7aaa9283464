"""One thread that waits for the ends of all processes of this program's hosts, and for deadlines.

Each process is a pidfd in one epoll: the kernel wakes the thread, nothing is asked again and
again, and a thousand processes cost no more than one.
"""

import heapq
import os
import select
import threading
from collections.abc import Callable
from itertools import count
from time import monotonic

_Action = Callable[[], None]


class Watcher:
    """Calls back from its thread. Methods are safe from any thread."""

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._by_fd: dict[int, _Action] = {}
        self._deadlines: list[tuple[float, int, _Action]] = []
        self._order = count()
        self._is_closed = False
        self._wakeup = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._poll = select.epoll()
        self._poll.register(self._wakeup, select.EPOLLIN)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def watch(self, pid: int, on_end: _Action) -> None:
        """Call *on_end* once when *pid*, a child of ours that nobody has reaped, ended."""
        fd = os.pidfd_open(pid)
        with self._lock:
            self._by_fd[fd] = on_end
        self._poll.register(fd, select.EPOLLIN)

    def after(self, delay_s: float, action: _Action) -> None:
        """Call *action* once after *delay_s* seconds, unless we are closed before."""
        with self._lock:
            entry = (monotonic() + delay_s, next(self._order), action)
            heapq.heappush(self._deadlines, entry)
        os.eventfd_write(self._wakeup, 1)

    def close(self) -> None:
        """Stop watching; idempotent. Not from a callback."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        os.eventfd_write(self._wakeup, 1)
        self._thread.join()
        self._poll.close()
        for fd in (self._wakeup, *self._by_fd):
            os.close(fd)

    def _run(self) -> None:
        while not self._is_closed:
            for fd, _ in self._poll.poll(self._time_left_s()):
                if fd == self._wakeup:
                    os.eventfd_read(fd)
                else:
                    self._end(fd)
            self._act_on_deadlines()

    def _end(self, fd: int) -> None:
        with self._lock:
            on_end = self._by_fd.pop(fd)
        self._poll.unregister(fd)
        # last: once closed, the number may at once be another process's
        os.close(fd)
        on_end()

    def _time_left_s(self) -> float | None:
        with self._lock:
            return max(0.0, self._deadlines[0][0] - monotonic()) if self._deadlines else None

    def _act_on_deadlines(self) -> None:
        while True:
            with self._lock:
                if not self._deadlines or self._deadlines[0][0] > monotonic():
                    return
                _, _, action = heapq.heappop(self._deadlines)
            action()
