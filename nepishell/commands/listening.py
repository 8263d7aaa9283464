"""What a program writes, handed on while it writes, in the thread of whoever watches.

Hosts tell from a thread of theirs when a file grows. What comes faster than it can be shown is
left out, and it is told where it is.
"""

from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event, Lock

from nepishell.core.errors import HostError
from nepishell.hosts.base import Host
from nepishell.lang.quantities import format_quantity

#: Bytes of one file that wait to be shown.
FLOOD = 1 << 16


class Listening:
    """To files on *host* that one program writes; *take* is handed texts.

    All but tell_end() is called in one thread.
    """

    def __init__(
        self, host: Host, paths: Sequence[Path], take: Callable[[str], None], start: int = 0
    ) -> None:
        """*start*: bytes at the beginning of each that nobody wants."""
        self._host = host
        self._start = start
        self._files = [_File(path, start) for path in paths]
        self._take = take
        self._news = Event()
        self._is_over = False
        self._stops: list[Callable[[], None]] = []

    def begin(self) -> None:
        """Listen from now on; where a host cannot tell, all comes at the end."""
        with suppress(HostError):
            for file in self._files:
                hear = partial(self._hear, file)
                self._stops.append(self._host.follow(file.path, self._start, hear))

    def _hear(self, file: "_File", data: bytes) -> None:
        """On the host's thread."""
        file.add(data)
        self._news.set()

    def tell_end(self) -> None:
        """The program has ended; from any thread."""
        self._is_over = True
        self._news.set()

    def until_end(self) -> None:
        """Hand over what comes until the program has ended."""
        while not self._is_over:
            self._news.wait()
            self._news.clear()
            self._hand_over()

    def end(self) -> None:
        """Listen no more; hand over what was written and not told. Idempotent."""
        stops, self._stops = self._stops, []
        for stop in stops:
            stop()
        for file in self._files:
            file.close(self._host)
        self._hand_over()

    def _hand_over(self) -> None:
        for file in self._files:
            text = file.text()
            if text:
                self._take(text)


class _File:
    """A file that grows, and what of it nobody has seen."""

    def __init__(self, path: Path, start: int) -> None:
        self.path = path
        self._lock = Lock()
        self._unseen = b""
        self._skipped = 0
        #: bytes that were heard of, those that were skipped included
        self._heard = start
        self._is_closed = False
        # a character may have been written in part only
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def add(self, data: bytes) -> None:
        """Take *data*, or of a flood the first part."""
        with self._lock:
            if not self._is_closed:
                self._add(data, len(data))

    def _add(self, data: bytes, size: int) -> None:
        kept = data[: FLOOD - len(self._unseen)] if not self._skipped else b""
        self._unseen += kept
        self._skipped += size - len(kept)
        self._heard += size

    def close(self, host: Host) -> None:
        """Take what is there and was not told, and nothing more."""
        with self._lock:
            self._is_closed = True
        left = host.size(self.path) - self._heard
        if left > 0:
            self._add(host.read(self.path, self._heard, min(left, FLOOD)), left)

    def text(self) -> str:
        """What came since, and how much was left out after it."""
        with self._lock:
            data, self._unseen = self._unseen, b""
            skipped, self._skipped = self._skipped, 0
        text = self._decoder.decode(data, self._is_closed)
        return f"{text}\n{rest(skipped, self.path)}\n" if skipped else text


def rest(size: int, path: Path) -> str:
    """What stands for *size* bytes that are not shown."""
    return f"... {format_quantity(size, 'size')} more in {path}"
