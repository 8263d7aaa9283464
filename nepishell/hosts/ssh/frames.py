"""Frames: how the answers of many commands share one stream of bytes.

A frame begins with a secret word and a kind; what follows the line, if the kind has a body, goes on
to the next secret word. What stands before the first frame is a login script's chatter.
"""

from collections.abc import Iterator
from typing import NamedTuple

#: Kinds with a body.
_WITH_BODY = frozenset("ORXF")


class Frame(NamedTuple):
    """*words* of the line, without the kind; *parts* of the body."""

    kind: str
    words: list[str]
    parts: list[bytes]


class Reader:
    """Takes bytes as they come, gives whole frames."""

    def __init__(self, token: str, most: int) -> None:
        """Keeps *most* bytes of a part and one more; what goes beyond is dropped."""
        self._token = token.encode()
        self._most = most
        self._rest = bytearray()
        self._searched = 0
        self._frame: Frame | None = None  # whose body is being read
        self._part = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that *data* completes."""
        self._rest += data
        while True:
            found = self._rest.find(self._token, self._searched)
            if found < 0:
                self._put_away(max(0, len(self._rest) - len(self._token) + 1))
                return
            end = self._rest.find(b"\n", found)
            if end < 0:
                self._put_away(found)
                return
            self._put_away(found)
            line = self._rest[: end - found]
            del self._rest[: end - found + 1]
            if (frame := self._take(line)) is not None:
                yield frame

    def _put_away(self, size: int) -> None:
        """So many bytes are body, or chatter."""
        if self._frame is not None:
            room = self._most + 1 - len(self._part)
            self._part += self._rest[: min(size, max(0, room))]
        del self._rest[:size]
        self._searched = 0

    def _take(self, line: bytearray) -> Frame | None:
        kind, *words = line[len(self._token) :].decode("ascii", "replace").split()
        if self._frame is None:
            frame = Frame(kind, words, [])
            if kind not in _WITH_BODY:
                return frame
            self._frame = frame
            self._part.clear()
            return None
        self._frame.parts.append(bytes(self._part))
        self._part.clear()
        if kind != "Z":
            return None
        frame, self._frame = self._frame, None
        return frame
