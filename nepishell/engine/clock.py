"""Time, as the engine sees it: seconds since the run began, on a clock that can be replaced.

WallClock is the monotonic clock. VirtualClock stands still until the scheduler moves it to the
next thing that is due, which it does only while somebody waits and nothing runs.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Seconds since the beginning of the run, never going back."""

    virtual: bool

    def now(self) -> float:
        """Seconds since the beginning of the run."""

    def date(self, at: float) -> datetime:
        """The aware datetime that a reading of this clock stands for, for people."""


class WallClock:
    """Real time. Delays are monotonic; dates are fixed to the wall at construction (bug B40)."""

    virtual = False

    def __init__(self, elapsed: float = 0.0) -> None:
        """*elapsed*: seconds that a run has behind it which another controller began."""
        self._origin = time.monotonic() - elapsed
        self._began = datetime.now(UTC) - timedelta(seconds=elapsed)

    def now(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._origin

    def date(self, at: float) -> datetime:
        """Local time, aware."""
        return (self._began + timedelta(seconds=at)).astimezone()


class VirtualClock:
    """Time that passes only when the scheduler says so: exact, and as fast as the hooks."""

    virtual = True

    def __init__(self, began: datetime | None = None) -> None:
        self._now = 0.0
        self._began = began or datetime.now(UTC)

    def now(self) -> float:
        """Virtual seconds since the beginning of the run."""
        # a float of its own each time: whether a stamp is a new one is told by its identity
        return self._now + 0.0

    def date(self, at: float) -> datetime:
        """Local time, aware, as if the run had taken this long."""
        return (self._began + timedelta(seconds=at)).astimezone()

    def jump(self, to: float) -> None:
        """Move to *to*; the scheduler's to call, under its lock."""
        self._now = max(self._now, to)
