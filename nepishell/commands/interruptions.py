"""What ends the waits of a session whose person is elsewhere: the same as Signals, for any thread.

A signal of the main thread gets it out of a wait by itself; a thread has to be let out of what it
waits for, as a task is that was cancelled.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from nepishell.commands.job import Job
from nepishell.commands.jobs import Jobs
from nepishell.commands.signals import Stopped


class Interruptions:
    """Of one session. All but note() is called in its thread, the one that called begin()."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        #: in place of the task that a thread of the engine would run
        self._standing = Job(number=0, line="")
        self._lock = Lock()
        self._asked: Stopped | None = None
        self._waiting = False
        #: called, from any thread, when something comes and nothing waits
        self.on_idle: Callable[[Stopped], None] = lambda stopped: None
        #: called, from any thread, when the window may have another size
        self.on_resize: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """This thread is the session's."""
        self._jobs.stand_in(self._standing)

    def note(self, signum: int) -> None:
        """Something came, as a signal would; from any thread."""
        stopped = Stopped(signum)
        with self._lock:
            # whoever leaves, leaves, also after a Ctrl-C that nobody heard
            if self._asked is None or self._asked.is_interrupt:
                self._asked = stopped
            ends: list[Callable[[], None]] = []
            waiting = self._waiting
            if waiting:
                self._standing.cancelled = True
                ends = list(self._standing.interrupts)
        for end in ends:
            end()
        if not waiting:
            self.on_idle(stopped)

    def check(self) -> None:
        """Raise Stopped when something came."""
        with self._lock:
            asked = self._asked
        if asked is not None:
            raise asked

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Inside, what comes ends the wait, and raises Stopped at its end."""
        with self._lock:
            self._waiting = self._asked is None
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._waiting = self._standing.cancelled = False
                self._standing.interrupts = []
        self.check()

    def forget(self) -> None:
        """What came has been heard."""
        with self._lock:
            self._asked = None
