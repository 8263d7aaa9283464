"""Events for those who subscribed: one object each, or packed as in the journal, many at once.

A reader that is slow loses events and is told how many; nobody waits for it.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from nepishell.core.events import Event
from nepishell.journal.packing import CODES, pack
from nepishell.service import wire

#: The kinds of events by their names.
KINDS = {cls.__name__: cls for cls in CODES.values()}
#: Events of one packed line.
_PACKED = 1024


def as_message(event: Event) -> dict[str, Any]:
    """An event as one object: its kind, and its fields as they are called."""
    return {"event": type(event).__name__, **{k: _plain(v) for k, v in event._asdict().items()}}


def _plain(value: object) -> object:
    return value.name if isinstance(value, Enum) else value


class Stream:
    """What one subscriber hears. *put*: takes a line, or refuses it because too much waits.

    *kinds*: names of events (empty: all).
    """

    def __init__(
        self, put: Callable[[bytes], bool], kinds: frozenset[str], *, packed: bool
    ) -> None:
        self._put = put
        self._kinds = kinds
        self._packed = packed
        self._left_out = 0

    def see(self, events: list[Event]) -> None:
        """Pass events on; on the bus's thread."""
        if self._kinds:
            events = [event for event in events if type(event).__name__ in self._kinds]
        size = _PACKED if self._packed else 1
        for first in range(0, len(events), size):
            self._one(events[first : first + size])

    def _one(self, events: Sequence[Event]) -> None:
        if self._left_out:
            # first what is missing, so that the order tells where
            if not self._put(wire.encode({"left_out": self._left_out})):
                self._left_out += len(events)
                return
            self._left_out = 0
        message = {"events": pack(events)} if self._packed else as_message(events[0])
        if not self._put(wire.encode(message)):
            self._left_out += len(events)

    def settle(self) -> None:
        """The reader has caught up: tell what it missed, if nothing more happens."""
        if self._left_out and self._put(wire.encode({"left_out": self._left_out})):
            self._left_out = 0
