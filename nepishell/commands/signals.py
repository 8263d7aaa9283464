"""SIGINT, SIGTERM and SIGHUP end a run in order: what was built is released first.

A signal is remembered, and raised only where the main thread waits (`waiting()`) or between two
commands (`check()`): never in the middle of a step, which could leave half a resource behind.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: How another thread of ours wakes the main one.
WAKE = signal.SIGUSR1


class Stopped(BaseException):
    """A signal (0: a task of ours) asked for the end.

    Not an Exception: nothing in between may swallow it.
    """

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum

    @property
    def is_interrupt(self) -> bool:
        """Whether it was Ctrl-C."""
        return self.signum == signal.SIGINT

    @property
    def word(self) -> str:
        """What happened, for people."""
        return {signal.SIGINT: "interrupted", signal.SIGHUP: "the terminal went away"}.get(
            signal.Signals(self.signum), "terminated"
        )


class Signals:
    """Handlers for as long as the `with` lasts. Use it in the main thread."""

    def __init__(self) -> None:
        self._asked: Stopped | None = None
        self._waiting = False
        self._before: dict[int, object] = {}
        self._main = get_ident()
        #: called in the main thread when a signal comes and nothing waits
        self.on_idle: Callable[[Stopped], None] = lambda stopped: None

    def __enter__(self) -> "Signals":
        for signum in SIGNALS:
            # a parent that had us ignore hang-ups (nohup) knows what it wants
            if signal.getsignal(signum) is not signal.SIG_IGN:
                self._before[signum] = signal.signal(signum, self._note)
        self._before[WAKE] = signal.signal(WAKE, self._note)
        return self

    def __exit__(self, *exc: object) -> None:
        for signum, handler in self._before.items():
            signal.signal(signum, handler)  # type: ignore[arg-type]

    def _note(self, signum: int, frame: FrameType | None) -> None:
        if signum != WAKE:
            self._asked = self._asked or Stopped(signum)
        if self._waiting:
            self._waiting = False
            self.check()
        elif self._asked is not None:
            self.on_idle(self._asked)

    def check(self) -> None:
        """Raise Stopped when a signal came."""
        if self._asked:
            raise self._asked

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Inside, a signal raises Stopped at once."""
        self._waiting = True
        try:
            self.check()
            yield
        finally:
            self._waiting = False

    def ask(self) -> None:
        """Ask for the end from another thread: Stopped, of no signal, is raised as for one."""
        self._asked = self._asked or Stopped(0)
        # only a real signal gets the main thread out of a wait
        signal.pthread_kill(self._main, WAKE)

    def forget(self) -> None:
        """The run is being taken down: what came before has been heard."""
        self._asked = None
