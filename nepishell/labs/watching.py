"""A thread that looks again whenever it is asked to, and gives up what it looked for then."""

from collections.abc import Callable
from threading import Event, Thread


class Watching:
    """Calls *look* after each soon(), on a thread of its own; what it is given says: give up."""

    def __init__(self, look: Callable[[Event], None]) -> None:
        self._look = look
        self._wake = Event()
        #: set in the end
        self.closed = Event()
        self._thread: Thread | None = None

    def soon(self) -> None:
        """Look again; from any thread, returns at once."""
        if self.closed.is_set():
            return
        if self._thread is None:
            self._thread = Thread(target=self._serve, name="nepishell-lab", daemon=True)
            self._thread.start()
        self._wake.set()

    def close(self) -> None:
        """Look no more; returns when the thread has ended."""
        self.closed.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _serve(self) -> None:
        while self._wake.wait() and not self.closed.is_set():
            self._wake.clear()
            self._look(self._wake)
