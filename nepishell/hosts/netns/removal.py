"""Devices that were removed for whoever asked, and still have to be for the kernel.

Every removal waits for a grace period of the kernel's, 20 ms, however many devices it takes. So
removals are collected for a moment; they happen before anything else is done, and never where the
whole lab goes a moment later.
"""

from collections.abc import Iterable
from contextlib import suppress
from time import monotonic

from nepishell.hosts.netns import messages
from nepishell.hosts.netns.namespaces import Core, Space
from nepishell.hosts.netns.netlink import NetlinkError

DOOMED_GROUP = 2

#: Longer than the pause between two removals of a lab that is taken down part by part.
_PATIENCE_S = 0.02


class Removals:
    """What is to go, in the core and from host to host. One thread only."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._indexes: list[int] = []
        self._pairs: list[list[tuple[Space, int]]] = []
        self._due = 0.0

    def add_devices(self, indexes: Iterable[int]) -> None:
        """Devices of the core; with a veth its peer goes, wherever it is."""
        self._indexes += indexes
        self._due = monotonic() + _PATIENCE_S

    def add_pair(self, ends: Iterable[tuple[Space, int]]) -> None:
        """A veth pair by both of its ends: either will do."""
        self._pairs.append(list(ends))
        self._due = monotonic() + _PATIENCE_S

    def forget(self, space: Space) -> None:
        """A host is closed: its end of a pair cannot be named any more."""
        self._pairs = [[end for end in pair if end[0] is not space] for pair in self._pairs]

    def due_in_s(self) -> float | None:
        """Seconds until flush() should come; None while there is nothing to remove."""
        if not self._indexes and not self._pairs:
            return None
        return max(0.0, self._due - monotonic())

    def flush(self) -> None:
        """Have the kernel remove all of it; silent about what is gone."""
        pairs, self._pairs = self._pairs, []
        indexes, self._indexes = self._indexes, []
        for pair in pairs:
            for space, index in pair[:1]:
                with suppress(NetlinkError):
                    space.netlink.send((messages.delete_link(f"device {index}", index),))
        if indexes:
            doom = [
                messages.set_link(f"device {index}", index, group=DOOMED_GROUP) for index in indexes
            ]
            # where one is gone, the kernel goes on with the others
            with suppress(NetlinkError):
                self._core.netlink.send(doom)
            with suppress(NetlinkError):
                self._core.netlink.send((messages.delete_group("removed devices", DOOMED_GROUP),))
