"""Lines for the screen wait while the screen belongs to somebody else."""

from collections import deque
from collections.abc import Callable
from threading import Lock

#: Texts that are kept; of more, the oldest are counted.
KEPT = 200


class Gate:
    """A function that writes; inside `with gate:` what is written waits. Any thread may write."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._lock = Lock()
        self._held: deque[str] | None = None
        self._lost = 0

    def __call__(self, text: str) -> None:
        """Write now, or later."""
        with self._lock:
            if self._held is None:
                self._write(text)
                return
            if len(self._held) == KEPT:
                self._held.popleft()
                self._lost += 1
            self._held.append(text)

    def __enter__(self) -> "Gate":
        with self._lock:
            self._held, self._lost = deque(), 0
        return self

    def __exit__(self, *exc: object) -> None:
        with self._lock:
            held, self._held = self._held or (), None
            if self._lost:
                self._write(f"... {self._lost} messages before these, see log.txt")
            for text in held:
                self._write(text)
