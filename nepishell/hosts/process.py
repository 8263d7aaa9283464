"""A spawned process as its owner sees it: the same class wherever it runs.

The place where it runs is behind two functions; whoever watches it calls ended() once.
"""

from pathlib import Path
from threading import Event
from typing import Protocol

from nepishell.hosts import launching, sessions
from nepishell.hosts.base import Exit, OnExit


class Steering(Protocol):
    """What a place can do to the sessions that run there."""

    def signal_session(self, process: "SpawnedProcess", signum: int) -> None:
        """Send a signal to all of the session."""

    def stop_session(self, process: "SpawnedProcess", grace_s: float) -> None:
        """TERM now, KILL what is left after *grace_s* seconds; return at once."""


class SpawnedProcess:
    """Implements nepishell.hosts.base.Process."""

    def __init__(
        self, token: int, run_dir: Path, steering: Steering, on_exit: OnExit | None
    ) -> None:
        self.token = token
        self.code = 0
        self._run_dir = run_dir
        self._steering = steering
        self._on_exit = on_exit
        self._pid = self._start_time = 0
        self._exit: Exit | None = None
        self._over = Event()

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def start_time(self) -> int:
        if not self._start_time:
            # read when asked for: right after the start the new process would make us wait
            self._start_time = sessions.start_time(self._pid)
        return self._start_time

    @property
    def run_dir(self) -> Path:
        return self._run_dir

    @property
    def exit(self) -> Exit | None:
        return self._exit

    def signal(self, signum: int) -> None:
        if self._exit is None:
            self._steering.signal_session(self, signum)

    def stop(self, grace_s: float = 5.0) -> None:
        if self._exit is None:
            self._steering.stop_session(self, grace_s)

    def started(self, pid: int, start_time: int = 0) -> None:
        """Enter what the kernel said. It may have ended before we came to hear of it."""
        self._pid = pid
        self._start_time = self._start_time or start_time

    def ended(self, code: int, at: float, start_time: int = 0) -> None:
        """Tell the end; *code* is negative for a signal. Called once, on the watcher's thread."""
        self.code = code
        self._start_time = self._start_time or start_time
        self._exit = Exit(status=launching.shell_status(code), at=at)
        self._over.set()
        if self._on_exit is not None:
            self._on_exit(self._exit)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until it ended; False when *timeout_s* ran out."""
        return self._over.wait(timeout_s)
