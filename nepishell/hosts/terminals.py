"""A program on a terminal of its own (a pty), held by its master side.

Who starts the program has it open the slave by name as the leader of a new session: the kernel
then makes it the session's controlling terminal. Its end wakes the reader even if something that it
left behind still holds the terminal.
"""

import fcntl
import os
import select
import struct
import termios
from collections.abc import Callable
from contextlib import suppress
from signal import SIGHUP, SIGKILL
from threading import Lock

from nepishell.core.errors import HostError
from nepishell.hosts.base import Exit, OnExit
from nepishell.hosts.process import SpawnedProcess

#: Seconds that a program has to end after its terminal was hung up.
GRACE_S = 2.0
#: Bytes that are kept for the reader while the program takes no input.
MOST_KEPT = 1 << 20
_CHUNK = 1 << 16

#: (path of the slave, whom to tell the end) -> the process that opened it
Start = Callable[[str, OnExit], SpawnedProcess]


class PtyTerminal:
    """Implements nepishell.hosts.base.Terminal for a program on this machine."""

    def __init__(self, rows: int, cols: int, start: Start) -> None:
        """Have *start* start the program; raises what it raises."""
        self._lock = Lock()
        self._kept = b""
        self._is_over = self._is_closed = False
        try:
            self._master, slave = os.openpty()
        except OSError as exc:
            raise HostError(f"no terminal is free: {exc.strerror}") from exc
        # readable once the program has ended, and while something is kept
        self._over, self._more = (os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK) for _ in "oo")
        self._ready = select.epoll()
        try:
            os.set_blocking(self._master, False)
            for fd in (self._master, self._over, self._more):
                self._ready.register(fd, select.EPOLLIN)
            self.resize(rows, cols)
            self._process = start(os.ttyname(slave), self._ended)
        except BaseException:
            self._dispose()
            raise
        finally:
            os.close(slave)

    def fileno(self) -> int:
        """Readable when read() would not block."""
        return self._ready.fileno()

    def read(self) -> bytes:
        """What the program wrote since; blocks until there is something; b"" at its end."""
        while not self._is_closed:
            if self._kept:
                return self._give_kept()
            self._ready.poll()
            # read before the look at the end: all that it wrote came before
            is_over = self._is_over
            with suppress(BlockingIOError):
                return self._take()
            if is_over:
                break
        return b""

    def write(self, data: bytes) -> None:
        """Type *data*; blocks while the program takes no input, silent when it has ended."""
        rest = memoryview(data)
        while rest and not self._is_closed:
            try:
                rest = rest[os.write(self._master, rest) :]
            except BlockingIOError:
                if not self._make_room():
                    return
            except OSError:
                return

    def resize(self, rows: int, cols: int) -> None:
        """Tell the program that its window has this size now."""
        with self._lock:
            if not self._is_closed:
                size = struct.pack("HHHH", rows, cols, 0, 0)
                fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def close(self) -> int:
        """Hang up; what does not end by that is killed. Its exit status, as of a shell."""
        self._process.signal(SIGHUP)
        if not self._process.wait(GRACE_S):
            self._process.signal(SIGKILL)
            self._process.wait()
        self._dispose()
        ended = self._process.exit
        assert ended is not None  # it was waited for
        return ended.status

    def _take(self) -> bytes:
        """Raises BlockingIOError when there is nothing yet."""
        try:
            return os.read(self._master, _CHUNK)
        except BlockingIOError:
            raise
        except OSError:
            # nobody holds the other side any more
            return b""

    def _give_kept(self) -> bytes:
        data, self._kept = self._kept, b""
        os.eventfd_read(self._more)
        return data

    def _make_room(self) -> bool:
        """Wait until more can be typed; False when what is typed would not be read.

        What the program writes meanwhile is kept: it may wait for us to read, as we for it. One
        that floods us and reads nothing does not get what is typed.
        """
        poll = select.poll()
        poll.register(self._master, select.POLLIN | select.POLLOUT)
        poll.register(self._over, select.POLLIN)
        happened = dict(poll.poll())
        if self._over in happened or happened[self._master] & select.POLLHUP:
            return False
        if happened[self._master] & select.POLLIN:
            with suppress(BlockingIOError):
                self._kept += self._take()
                os.eventfd_write(self._more, 1)
        return len(self._kept) < MOST_KEPT

    def _ended(self, how: Exit) -> None:
        with self._lock:
            self._is_over = True
            if not self._is_closed:
                os.eventfd_write(self._over, 1)

    def _dispose(self) -> None:
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            self._ready.close()
            for fd in (self._over, self._more, self._master):
                os.close(fd)
