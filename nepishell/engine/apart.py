"""A subscriber that nobody knows: on a thread of its own, behind a queue of its own.

Whoever waits until all was told, as a journal does before each act, does not wait for it. One that
falls far behind loses events, and is told how many; one that raises is logged, as on any bus.
"""

import logging
from collections.abc import Callable
from threading import Thread

from nepishell.core.events import Event
from nepishell.engine.bus import Bus, Subscriber

#: Events that may wait for one subscriber.
MOST = 100_000
#: Seconds that it has for the last of them when the run is over.
_LAST_S = 1.0
log = logging.getLogger(__name__)


class Apart:
    """Calls *subscriber* with each event of *bus*, apart from all others. Safe from any thread."""

    def __init__(self, bus: Bus, subscriber: Subscriber, name: str = "", most: int = MOST) -> None:
        self.name = name or getattr(subscriber, "__name__", "a subscriber")
        #: events that it was not told
        self.dropped = 0
        self._most = most
        self._own = Bus()
        self._own.subscribe(subscriber)
        self._unsubscribe = bus.subscribe_batches(self._take, self.close)

    def close(self) -> None:
        """Tell no more. What waits is told as long as that takes little time."""
        self._unsubscribe()
        ending = Thread(target=self._own.close, name=f"nepishell-end-{self.name}", daemon=True)
        ending.start()
        ending.join(_LAST_S)
        if self.dropped:
            log.warning("%s was too slow: it was not told %d events", self.name, self.dropped)

    def _take(self, events: list[Event]) -> None:
        room = max(0, self._most - self._own.backlog)
        self.dropped += max(0, len(events) - room)
        for event in events[:room]:
            self._own.post(event)


def listen(bus: Bus, load: Callable[[], Subscriber], name: str) -> str:
    """Let what *load* gives listen to *bus*; why that cannot be, ''."""
    try:
        subscriber = load()
    except (Exception, SystemExit) as problem:  # round a subscriber: its module is not ours
        return f"{problem}" or type(problem).__name__
    Apart(bus, subscriber, name)
    return ""
