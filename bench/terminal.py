"""A program on a pseudo-terminal that answers as a terminal does: where the cursor is."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.side import SideFailed

WHERE, HERE = b"\x1b[6n", b"\x1b[20;1R"
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[^\[])")
ROWS, COLS = 30, 100
#: Bytes that are kept of what was said.
KEPT = 10_000


class Terminal:
    """One program; `with Terminal(argv, env) as terminal: ...` ends it."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        #: when the program was started, on the clock of time.perf_counter()
        self.began = time.perf_counter()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
            os.execvpe(argv[0], list(argv), {**env, "TERM": "xterm-256color"})
        #: the end of what was read, escape sequences left out
        self.said = b""

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._master)

    def send(self, keys: bytes) -> None:
        """Type *keys*."""
        os.write(self._master, keys)

    def until(self, shown: Callable[[bytes], bool], timeout_s: float = 30.0) -> float:
        """The moment when what was said since the last send, escapes left out, is as wanted."""
        deadline = time.perf_counter() + timeout_s
        while not shown(self.said):
            self.read(deadline)
        return time.perf_counter()

    def waits_for_us(self, deadline: float) -> bool:
        """Whether something came by *deadline*, which is waited for."""
        left = deadline - time.perf_counter()
        return left > 0 and bool(select.select([self._master], [], [], left)[0])

    def read(self, deadline: float) -> bytes:
        """Take what comes next; raises SideFailed at *deadline* or at the program's end."""
        if not self.waits_for_us(deadline):
            raise SideFailed(f"waited in vain; last said: {self.said[-80:]!r}")
        try:
            data = os.read(self._master, 65536)
        except OSError:
            raise SideFailed(f"it ended; last said: {self.said[-80:]!r}") from None
        for _ in range(data.count(WHERE)):
            os.write(self._master, HERE)
        self.said = self.said[-KEPT:] + _SEQUENCE.sub(b"", data)
        return data

    def echo(self, key: bytes) -> float:
        """Seconds from a key to its letter among what is said."""
        self.said = b""
        began = time.perf_counter()
        self.send(key)
        return self.until(lambda said: key in said) - began

    def resident(self) -> int:
        """Bytes of memory the program holds now."""
        pages = Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
