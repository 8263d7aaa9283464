"""Events, told in order to everybody who subscribed, on one thread of the bus's own.

A subscriber that raises is logged and stays; a slow one delays other subscribers, never the engine.
"""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event as Signal
from threading import Lock, Thread, current_thread

from nepishell.core.events import Event

log = logging.getLogger(__name__)

Subscriber = Callable[[Event], None]


class Bus:
    """Posting never blocks and costs nothing while nobody listens."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._subscribers: tuple[Subscriber, ...] = ()
        self._queue: SimpleQueue[Event | Signal | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._closed = False
        #: whether anybody listens: the engine asks before it makes an event
        self.active = False

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call *subscriber* with each event from now on; returns a function that ends it.

        After close() nothing is told any more.
        """
        with self._lock:
            if self._closed:
                return lambda: None
            self._subscribers = (*self._subscribers, subscriber)
            self.active = True
            if self._thread is None:
                self._thread = Thread(target=self._tell, name="nepishell-bus", daemon=True)
                self._thread.start()

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = tuple(s for s in self._subscribers if s is not subscriber)
                self.active = bool(self._subscribers) and not self._closed

        return unsubscribe

    def post(self, event: Event) -> None:
        """Queue *event*; posted under the engine's lock, so their order is the order of moves."""
        if self.active:
            self._queue.put(event)

    def drain(self) -> None:
        """Block until every event posted before this call was told. Not from a subscriber."""
        told = Signal()
        with self._lock:
            if self._thread is None or self._thread is current_thread():
                return
            self._queue.put(told)
        told.wait()

    def close(self) -> None:
        """Tell what was posted, then end the thread; posting afterwards does nothing."""
        with self._lock:
            self._closed, self.active = True, False
            thread, self._thread = self._thread, None
            if thread is not None:
                self._queue.put(None)
        if thread is not None and thread is not current_thread():
            thread.join()

    def _tell(self) -> None:
        while (event := self._queue.get()) is not None:
            if isinstance(event, Signal):
                event.set()
                continue
            for subscriber in self._subscribers:
                try:
                    subscriber(event)
                except Exception:  # round a subscriber: its mistake is not the experiment's
                    log.exception("a subscriber failed on %r", event)
