"""The person's terminal handed over to a program on a host, and taken back whatever happens.

Keys go to the program as they are (its terminal turns Ctrl-C into a signal, not ours), its output
comes back unchanged. What a killed full-screen program left switched on is switched off again.
"""

import fcntl
import os
import re
import select
import signal
import struct
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from types import FrameType

from nepishell.commands.interruptions import Interruptions
from nepishell.commands.jobs import Jobs
from nepishell.core.errors import NepishellError
from nepishell.hosts.base import Terminal

#: (rows, cols) -> the program on its terminal
Opener = Callable[[int, int], Terminal]

#: Pressed three times in a row it leaves, whatever runs.
LEAVE, TIMES = b"\x1d", 3
_CHUNK = 1 << 16
#: Private modes of a terminal: what is on by itself, and what a program may leave on.
_ON_BY_ITSELF = frozenset({b"25", b"7"})
_TRACKED = frozenset({b"1", b"47", b"1000", b"1002", b"1003", b"1004", b"1006", b"1047", b"1049",
                      b"2004"}) | _ON_BY_ITSELF  # fmt: skip
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
#: More bytes than a sequence that switches modes has.
_LONGEST = 32


class Modes:
    """What a program has switched in the terminal, read from what it writes."""

    def __init__(self) -> None:
        self._changed: set[bytes] = set()
        self._tail = b""
        self._last = b"\n"

    def see(self, data: bytes) -> None:
        """Take note of what goes to the screen."""
        # a sequence may come in two parts; seeing one twice does no harm
        text = self._tail + data
        for found in _MODE.finditer(text):
            for mode in _TRACKED.intersection(found[1].split(b";")):
                is_on = found[2] == b"h"
                (self._changed.discard if is_on is (mode in _ON_BY_ITSELF) else self._changed.add)(
                    mode
                )
        self._tail = text[-_LONGEST:]
        self._last = data[-1:] or self._last

    def undo(self) -> bytes:
        """What makes the terminal as it was, at the beginning of a line."""
        back = b"".join(
            b"\x1b[?%b%b" % (mode, b"h" if mode in _ON_BY_ITSELF else b"l")
            for mode in sorted(self._changed)
        )
        line = b"" if self._last == b"\n" else b"\r\n"
        return back + b"\x1b[0m" + line


class _Raw:
    """The terminal in raw mode; stopped and continued as a job of a shell it stays right."""

    def __init__(self, source: int, *, is_away: bool = False) -> None:
        self._source = source
        #: the kernel tells somebody else what happens to the window
        self._is_away = is_away
        #: whether whoever sat there is gone
        self.is_left = False
        self._saved = termios.tcgetattr(source)
        self._woken, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._before: dict[int, object] = {}
        # of the person's thread, whose signals come at any time, and of those who tell of an end
        self._lock = RLock()

    def fileno(self) -> int:
        """Readable when the window may have another size."""
        return self._woken

    def __enter__(self) -> "_Raw":
        if not self._is_away:
            self._before = {
                signal.SIGWINCH: signal.signal(signal.SIGWINCH, self._resized),
                signal.SIGCONT: signal.signal(signal.SIGCONT, self._continued),
                signal.SIGTSTP: signal.signal(signal.SIGTSTP, self._stop),
            }
        tty.setraw(self._source, termios.TCSADRAIN)
        return self

    def __exit__(self, *exc: object) -> None:
        for signum, handler in self._before.items():
            signal.signal(signum, handler)  # type: ignore[arg-type]
        self._restore()
        with self._lock:
            for fd in (self._woken, self._wake):
                os.close(fd)
            self._wake = -1

    def forget_wakes(self) -> None:
        """Called when it was readable."""
        os.read(self._woken, _CHUNK)

    def resized(self) -> None:
        """Look at the size of the window; from any thread."""
        with self._lock, suppress(BlockingIOError):
            if self._wake >= 0:
                os.write(self._wake, b"w")

    def leave(self) -> None:
        """Nobody sits there any more; from any thread."""
        self.is_left = True
        self.resized()

    def _resized(self, signum: int, frame: FrameType | None) -> None:
        self.resized()

    def _continued(self, signum: int, frame: FrameType | None) -> None:
        # the shell that we are a job of had its own settings meanwhile
        with suppress(termios.error):
            tty.setraw(self._source, termios.TCSADRAIN)
        self.resized()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._restore()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _restore(self) -> None:
        # a terminal that went away needs nothing any more
        with suppress(termios.error):
            termios.tcsetattr(self._source, termios.TCSADRAIN, self._saved)


def hand_over(
    open_: Opener,
    source: int = 0,
    target: int = 1,
    typed: bytes = b"",
    away: Interruptions | None = None,
    jobs: Jobs | None = None,
) -> int:
    """Let a person work in the program that *open_* starts, until it ends; its exit status.

    *source* and *target* are descriptors of the person's terminal, *typed* the keys that were
    read from it too early. Raises NepishellError where
    there is none, or what *open_* raises. In the main thread, unless the terminal is *away*:
    then that tells of another size of the window, and ends it with what interrupts in *jobs*.
    """
    if not (os.isatty(source) and os.isatty(target)):
        raise NepishellError("an interactive program needs a terminal; 'exec' needs none")
    with _closed(open_(*_size(target))) as status:
        modes = Modes()
        with _Raw(source, is_away=away is not None) as raw:
            if away is not None and jobs is not None:
                away.on_resize = raw.resized
                jobs.interruptible(raw.leave)
            try:
                status.terminal.write(typed)
                _pump(status.terminal, raw, source, target, modes)
            finally:
                with suppress(OSError):
                    _write(target, modes.undo())
    return status.code


class _Status:
    """A program's terminal, and the exit status once it is closed."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.code = 0


@contextmanager
def _closed(terminal: Terminal) -> Iterator[_Status]:
    status = _Status(terminal)
    try:
        yield status
    finally:
        status.code = terminal.close()


def _pump(terminal: Terminal, raw: _Raw, source: int, target: int, modes: Modes) -> None:
    """Carry keys and output until the program ends, or the person leaves or is gone."""
    pressed = 0
    while True:
        ready, _, _ = select.select([raw.fileno(), source, terminal.fileno()], [], [])
        if raw.fileno() in ready:
            raw.forget_wakes()
            if raw.is_left:
                return
            terminal.resize(*_size(target))
        if terminal.fileno() in ready:
            data = terminal.read()
            if not data:
                return
            modes.see(data)
            _write(target, data)
        if source in ready:
            keys = _read(source)
            pressed = pressed + len(keys) if keys.strip(LEAVE) == b"" else 0
            if not keys or pressed >= TIMES:
                return
            terminal.write(keys)


def _read(source: int) -> bytes:
    try:
        return os.read(source, _CHUNK)
    except OSError:
        return b""


def _write(target: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(target, rest) :]


def _size(target: int) -> tuple[int, int]:
    """Rows and columns of the person's window."""
    packed = fcntl.ioctl(target, termios.TIOCGWINSZ, bytes(8))
    rows, cols, _, _ = struct.unpack("HHHH", packed)
    return rows or 24, cols or 80
