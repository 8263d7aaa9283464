"""One connection: lines that came, lines that wait to go. It never makes anybody wait.

The server's thread reads and writes; a thread of the session takes requests in order; answers and
events are put in from any thread.
"""

import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock
from typing import Any, NamedTuple

from nepishell.service import wire

#: Bytes of answers that wait to be read; no more requests are taken until they are fewer.
_MOST_ANSWERS = 4 << 20


def close_read(made: socket.socket) -> None:
    """Close a socket without a block so that what was sent last is read.

    The kernel gives the other end a reset instead when something is left here that nobody read.
    """
    with suppress(OSError):
        made.shutdown(socket.SHUT_RD)
        while made.recv(1 << 16):
            pass
    made.close()


class Request(NamedTuple):
    """A line that came, and the descriptors beside it; *problem*: why it is no request, ''."""

    asked: dict[str, Any]
    descriptors: list[int]
    problem: str = ""


class Connection:
    """*changed*: called, from any thread, when there is something to write, or room to read."""

    def __init__(self, made: socket.socket, changed: Callable[["Connection"], None]) -> None:
        self._socket = made
        self._changed = changed
        self._lines = wire.Lines()
        self._lock = Lock()
        self._unsent: deque[bytes] = deque()
        self._size = 0
        #: requests in order; None at the end
        self.requests: SimpleQueue[Request | None] = SimpleQueue()
        self._waiting = 0
        #: nothing more is read
        self.has_ended = False
        #: the session is over: nothing more is to be written, once what waits has gone
        self.is_done = False
        #: the other end is gone
        self.is_lost = False
        #: looked at before the queue, on the server's thread; True: it was dealt with
        self.at_once: Callable[[dict[str, Any]], bool] = lambda asked: False
        #: called on the server's thread when the other end is gone
        self.on_lost: Callable[[], None] = lambda: None
        #: called on the server's thread when all that waited has been written
        self.on_drained: Callable[[], None] = lambda: None

    def fileno(self) -> int:
        """The socket's."""
        return self._socket.fileno()

    # -- from any thread -----------------------------------------------------------------------

    def send(self, message: dict[str, Any]) -> None:
        """Put in an answer."""
        self._put(wire.encode(message))

    def offer(self, line: bytes) -> bool:
        """Put in an event, unless too much waits already."""
        if self._size + len(line) > wire.MOST_UNSENT:
            return False
        self._put(line)
        return True

    def _put(self, line: bytes) -> None:
        with self._lock:
            if self.is_done or self.is_lost:
                return
            is_first = not self._unsent
            self._unsent.append(line)
            self._size += len(line)
        if is_first:
            self._changed(self)

    def finish(self) -> None:
        """The session is over: what waits is written, then the connection closed."""
        with self._lock:
            self.is_done = True
        self._changed(self)

    def answered(self) -> None:
        """A request was dealt with."""
        with self._lock:
            self._waiting -= 1
        self._changed(self)

    # -- on the server's thread ----------------------------------------------------------------

    @property
    def wants_to_read(self) -> bool:
        """Whether there is room for another request."""
        with self._lock:
            room = self._waiting < wire.WAITING and self._size < _MOST_ANSWERS
            return room and not self.has_ended and not self.is_done

    @property
    def wants_to_write(self) -> bool:
        """Whether something waits."""
        return bool(self._unsent)

    def read(self) -> None:
        """Take what has come."""
        try:
            lines = self._lines.receive(self._socket)
        except BlockingIOError:
            return
        except wire.TooLong as problem:
            self.send({"error": wire.error_of(problem)})
            self.end()
            return
        except OSError:
            lines = None
        if lines is None:
            self.end()
            return
        for line in lines:
            if line.strip():
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            asked = wire.decode(line)
        except wire.BadRequest as problem:
            self._queue(Request({}, [], str(problem)))
            return
        if not self.at_once(asked):
            self._queue(Request(asked, self._lines.take() if "attach" in asked else []))

    def _queue(self, request: Request) -> None:
        with self._lock:
            self._waiting += 1
        self.requests.put(request)

    def end(self) -> None:
        """Nothing more comes: what was asked is answered, then the session ends. Idempotent."""
        if not self.has_ended:
            self.has_ended = True
            self.requests.put(None)

    def write(self) -> None:
        """Send as much as the other end takes."""
        while self._unsent:
            with self._lock:
                line = self._unsent[0]
            try:
                sent = self._socket.send(line)
            except BlockingIOError:
                return
            except OSError:
                self.lose()
                return
            with self._lock:
                self._size -= sent
                if sent == len(line):
                    self._unsent.popleft()
                else:
                    self._unsent[0] = line[sent:]
        self.on_drained()

    def lose(self) -> None:
        """The other end is gone: nobody will read any more."""
        with self._lock:
            self._unsent.clear()
            self._size = 0
            self.is_lost = True
        self.end()
        self.on_lost()

    def close(self) -> None:
        """Give the socket back."""
        self._lines.close()
        close_read(self._socket)
