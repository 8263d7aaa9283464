"""A terminal on which nothing runs: the test says what appears, and reads what was typed."""

import socket
from collections.abc import Callable, Sequence

_CHUNK = 1 << 16


class FakeTerminal:
    """Implements nepishell.hosts.base.Terminal; say() and end() are the program's side."""

    def __init__(
        self, argv: Sequence[str], rows: int, cols: int, ended: Callable[["FakeTerminal"], None]
    ) -> None:
        self.argv = tuple(argv)
        self.typed = b""
        #: (rows, cols), the latest last
        self.sizes = [(rows, cols)]
        self._told = ended
        self._status: int | None = None
        self._ours, self._theirs = socket.socketpair()

    def fileno(self) -> int:
        return self._ours.fileno()

    def read(self) -> bytes:
        return self._ours.recv(_CHUNK) if self._ours.fileno() >= 0 else b""

    def write(self, data: bytes) -> None:
        if self._status is None:
            self.typed += data

    def resize(self, rows: int, cols: int) -> None:
        self.sizes.append((rows, cols))

    def close(self) -> int:
        self.end(128 + 1)
        self._ours.close()
        assert self._status is not None  # it was ended
        return self._status

    def say(self, data: bytes) -> None:
        """Let the program write."""
        self._theirs.sendall(data)

    def end(self, status: int = 0) -> None:
        """Let the program end; nothing when it has."""
        if self._status is None:
            self._status = status
            self._theirs.close()
            self._told(self)
