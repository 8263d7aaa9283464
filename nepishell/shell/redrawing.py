"""Repaints of the prompt for the sake of what happens: asked for by events, a few each second.

However many ask, one is on its way at a time; while no prompt is up, none.
"""

from asyncio import AbstractEventLoop
from collections.abc import Callable
from threading import Lock

from prompt_toolkit.application import Application
from prompt_toolkit.application.current import get_app_session

#: Seconds for which an event waits for others like it.
GATHER_S = 0.15


class Redraws:
    """Call it from any thread. Make it in the thread and session of the prompt."""

    def __init__(self) -> None:
        self._session = get_app_session()
        self._lock = Lock()
        self._asked: AbstractEventLoop | None = None

    def __call__(self) -> None:
        """Paint the prompt soon."""
        app = self._session.app
        loop = app.loop if app is not None else None
        if app is None or loop is None:
            return
        with self._lock:
            # a loop that has ended meanwhile will not do what it was asked
            if self._asked is loop:
                return
            self._asked = loop
        try:
            loop.call_soon_threadsafe(loop.call_later, GATHER_S, self._paint_of(app))
        except RuntimeError:  # it was closed a moment ago
            self._asked = None

    def _paint_of(self, app: Application[object]) -> Callable[[], None]:
        def paint() -> None:
            with self._lock:
                self._asked = None
            app.invalidate()

        return paint
