"""Standard output while a prompt is up: text from any thread appears above the line being typed.

Nothing is lost when the prompt ends in that moment: what its loop did not write any more is
written after it, in order.
"""

import sys
from asyncio import AbstractEventLoop
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from threading import RLock

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.application.current import get_app_session

#: Seconds between two repaints of the prompt for the sake of lines above it; while a terminal far
#: away has not said where its cursor is now, there is no toolbar.
PAUSE_S = 0.2


class Above:
    """A text stream; whole lines are written, the rest waits for its end or for flush()."""

    def __init__(self) -> None:
        self._session = get_app_session()
        # other threads have not entered this session
        self._context = copy_context()
        self._output = self._session.output
        self._lock = RLock()
        self._begun = ""
        self._pending: list[str] = []
        #: whether the loop of a prompt was asked to write what is pending
        self._asked = False
        self._last = 0.0

    def write(self, data: str) -> int:
        """Take *data*; at once on the screen when no prompt is up."""
        with self._lock:
            whole, newline, rest = data.rpartition("\n")
            if newline:
                self._pending.append(f"{self._begun}{whole}{newline}")
                self._begun = ""
            self._begun += rest
            self._go()
        return len(data)

    def flush(self) -> None:
        """What is no whole line is written too, when no prompt is up that it would disturb."""
        with self._lock:
            if self._begun and self._loop() is None:
                self._pending.append(self._begun)
                self._begun = ""
            self._go()

    def settle(self) -> None:
        """Write what is left of a prompt that has ended; call it in the prompt's thread."""
        with self._lock:
            self._asked = False
            self._drain()

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return sys.__stdout__ is not None and sys.__stdout__.isatty()

    def fileno(self) -> int:
        """Of the terminal."""
        return self._output.fileno()

    @property
    def encoding(self) -> str:
        """Of the terminal."""
        return self._output.encoding()

    @property
    def errors(self) -> str:
        """What cannot be encoded is replaced."""
        return "replace"

    def _loop(self) -> AbstractEventLoop | None:
        app = self._session.app
        return app.loop if app is not None else None

    def _go(self) -> None:
        if self._asked or not self._pending:
            return
        loop = self._loop()
        if loop is None:
            self._drain()
            return
        self._asked = True
        try:
            loop.call_soon_threadsafe(self._when_due, context=self._context)
        except RuntimeError:  # the loop was closed a moment ago
            self.settle()

    def _when_due(self) -> None:
        """In the loop: now, or when the last lines have been seen for a moment."""
        loop = self._loop()
        if loop is not None:
            loop.call_later(max(0.0, self._last + PAUSE_S - loop.time()), self._write_above)

    def _write_above(self) -> None:
        loop = self._loop()
        if loop is not None:
            self._last = loop.time()
            run_in_terminal(self.settle)

    def _drain(self) -> None:
        text, self._pending = "".join(self._pending), []
        if text:
            # a terminal that was closed, or given back: nobody reads it any more
            with suppress(OSError, ValueError):
                self._output.enable_autowrap()
                self._output.write_raw(text)
                self._output.flush()


@contextmanager
def above_the_prompt() -> Iterator[Above]:
    """Inside, sys.stdout and sys.stderr are an Above."""
    above = Above()
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = above
    try:
        yield above
    finally:
        sys.stdout, sys.stderr = before
        above.settle()
