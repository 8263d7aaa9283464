"""Events, told in order to everybody who subscribed, on one thread of the bus's own.

A subscriber that raises is logged and stays; a slow one delays other subscribers, never the engine.
"""

import logging
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event as Signal
from threading import Lock, Thread, current_thread

from nepishell.core.events import Event

log = logging.getLogger(__name__)

Subscriber = Callable[[Event], None]
#: Takes events as they come together: many at once while much happens.
BatchSubscriber = Callable[[list[Event]], None]

#: Events told in one go: about ten milliseconds of a journal's work.
_BATCH = 4096


class Bus:
    """Posting never blocks and costs nothing while nobody listens."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._subscribers: tuple[BatchSubscriber, ...] = ()
        self._posted: deque[Event] = deque()
        # None: there is something; False: it is over
        self._wake: SimpleQueue[Signal | bool | None] = SimpleQueue()
        #: whether the thread has to be woken; it looks once more after it has said so
        self._asleep = True
        self._at_end: list[Callable[[], None]] = []
        self._thread: Thread | None = None
        self._closed = False
        #: whether anybody listens: the engine asks before it makes an event
        self.active = False

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call *subscriber* with each event from now on; returns a function that ends it.

        After close() nothing is told any more.
        """

        def one_by_one(events: list[Event]) -> None:
            for event in events:
                try:
                    subscriber(event)
                except Exception:  # round a subscriber: its mistake is not the experiment's
                    log.exception("a subscriber failed on %r", event)

        return self.subscribe_batches(one_by_one)

    def subscribe_batches(
        self, subscriber: BatchSubscriber, at_end: Callable[[], None] = lambda: None
    ) -> Callable[[], None]:
        """As subscribe(), with a list of all events that came together, in order.

        *at_end* is called once the bus is closed and all has been told.
        """
        with self._lock:
            if self._closed:
                return lambda: None
            self._subscribers = (*self._subscribers, subscriber)
            self._at_end.append(at_end)
            self.active = True
            if self._thread is None:
                self._thread = Thread(target=self._serve, name="nepishell-bus", daemon=True)
                self._thread.start()

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = tuple(s for s in self._subscribers if s is not subscriber)
                self.active = bool(self._subscribers) and not self._closed

        return unsubscribe

    def post(self, event: Event) -> None:
        """Queue *event*; posted under the engine's lock, so their order is the order of moves."""
        if self.active:
            self._posted.append(event)
            if self._asleep:
                self._asleep = False
                self._wake.put(None)

    @property
    def backlog(self) -> int:
        """Events that wait to be told."""
        return len(self._posted)

    def drain(self) -> None:
        """Block until every event posted before this call was told. Not from a subscriber."""
        told = Signal()
        with self._lock:
            if self._thread is None or self._thread is current_thread():
                return
            self._wake.put(told)
        told.wait()

    def close(self) -> None:
        """Tell what was posted, then end the thread; posting afterwards does nothing."""
        with self._lock:
            self._closed, self.active = True, False
            thread, self._thread = self._thread, None
            if thread is not None:
                self._wake.put(False)
        if thread is not None and thread is not current_thread():
            thread.join()

    def _serve(self) -> None:
        while (word := self._wake.get()) is not False:
            self._asleep = False
            self._tell_all()
            self._asleep = True
            self._tell_all()
            if isinstance(word, Signal):
                word.set()
        self._tell_all()
        for end in self._at_end:
            end()

    def _tell_all(self) -> None:
        posted = self._posted
        while size := len(posted):
            events = [posted.popleft() for _ in range(min(size, _BATCH))]
            for subscriber in self._subscribers:
                try:
                    subscriber(events)
                except Exception:  # round a subscriber: its mistake is not the experiment's
                    log.exception("a subscriber failed on %d events", len(events))
