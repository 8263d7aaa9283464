"""A host that cannot be reached for a while: who waits for it, and when it is given up.

Losing a connection is not losing what runs at its other end. Whoever needs the host meanwhile
leaves a callback; it is told True once the host is back, False when nobody waits any longer.
"""

from collections.abc import Callable
from threading import Lock

#: Told whether the host is back.
Then = Callable[[bool], None]


class WaitingRoom:
    """Those who wait for one host. Safe from any thread; callbacks are called without the lock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Then] = []
        #: why it was given up; '' while there is hope
        self.given_up = ""

    def __len__(self) -> int:
        return len(self._waiting)

    def enter(self, then: Then) -> None:
        """Wait; told at once when the host was given up."""
        with self._lock:
            if not self.given_up:
                self._waiting.append(then)
                return
        then(False)

    def call(self, back: bool) -> None:
        """Tell all who wait."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for then in waiting:
            then(back)

    def give_up(self, why: str) -> None:
        """Nobody waits any longer."""
        with self._lock:
            self.given_up = why
        self.call(False)
