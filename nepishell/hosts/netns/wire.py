"""How the controller and the keeper talk: lines of JSON over two UNIX sockets.

On the first every request ["op", ...] has one answer, in order: {"ok": value} or {"error": text};
many requests may be written before the first answer is read. On the second the keeper tells what
happens by itself: ["exit", token, [code, at], start time] when a process ended, ["measured",
token, forward, backward] for a link. End of file on either side ends the lab.
"""

import json
from typing import Protocol

EXIT, MEASURED = "exit", "measured"

#: JSON values as json.loads returns them.
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_CHUNK = 1 << 16


def encode(value: object) -> bytes:
    """One line."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


class Source(Protocol):
    """A socket, or what can be read like one."""

    def recv(self, size: int, /) -> bytes: ...


class Lines:
    """Reads lines from a stream socket."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._rest = b""

    def read(self) -> list[bytes]:
        """Block until there is at least one whole line; all that are there; [] at end of file."""
        while True:
            try:
                data = self._source.recv(_CHUNK)
            except ConnectionResetError:
                return []
            if not data:
                return []
            *lines, self._rest = (self._rest + data).split(b"\n")
            if lines:
                return lines
