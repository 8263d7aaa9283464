"""One `sh` at the other end, shared by all threads: requests go in, frames come out.

Whoever asks waits for its own answer; one thread calls read_frames() and so serves them all.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from nepishell.core.errors import HostError, Unfit, Unreachable
from nepishell.hosts.ssh.frames import Frame, Reader
from nepishell.hosts.ssh.script import Words, prologue

_CHUNK = 1 << 16


class Channel(Protocol):
    """What is needed of a channel of paramiko."""

    def settimeout(self, timeout: float | None) -> None: ...
    def sendall(self, s: bytes) -> None: ...
    def recv(self, nbytes: int) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What the shell said of itself."""

    processes: tuple[str, ...]  # PID:START of its own
    home: str
    folder: str


class Pending:
    """A request that waits for its answer."""

    __slots__ = ("_came", "_error", "_frame", "begun")

    def __init__(self, begun: Callable[[Frame], None] | None = None) -> None:
        self._came = threading.Event()
        self._frame: Frame | None = None
        self._error: HostError | None = None
        self.begun = begun

    def answer(self, frame: Frame) -> None:
        """Called once, or fail() is."""
        self._frame = frame
        self._came.set()

    def fail(self, error: HostError) -> None:
        """The answer will not come."""
        self._error = error
        self._came.set()

    def wait(self, timeout_s: float | None) -> Frame | None:
        """None when *timeout_s* ran out. Raises HostError."""
        if not self._came.wait(timeout_s):
            return None
        if self._error is not None:
            raise self._error
        return self._frame


@dataclass(slots=True, kw_only=True)
class Request:
    """One line, and who waits for what comes of it."""

    number: int
    text: bytes
    pending: Pending
    is_taken: bool = False


class RemoteShell:
    """Lasts as long as its channel."""

    def __init__(self, name: str, channel: Channel, words: Words, most: int) -> None:
        self._name = name
        self._channel = channel
        self._words = words
        self._reader = Reader(words.token, most)
        self._send_lock = threading.Lock()
        self._lock = threading.Lock()
        self._pending: dict[int, Pending] = {}
        self._lost: Unreachable | None = None
        self.heard_at = monotonic()

    def greet(
        self, old: tuple[str, ...], timeout_s: float, first: Request | None = None
    ) -> Greeting:
        """Send our functions, and *first* behind them; wait until they are there.

        Raises HostError; *first* is not answered then.
        """
        text = prologue(self._words, old)
        if first is not None:
            text += self._taken(first)
        deadline = monotonic() + timeout_s
        self._channel.settimeout(timeout_s)
        with suppress(OSError):
            # what ends at once may have said why
            self._channel.sendall(text)
        said = b""
        while left := deadline - monotonic():
            self._channel.settimeout(max(0.0, left))
            try:
                data = self._channel.recv(_CHUNK)
            except OSError:
                break
            if not data:
                break
            said = (said + data)[-200:]
            greeting = None
            for frame in self._reader.feed(data):
                if frame.kind == "R":
                    greeting = _greeting(frame)
                else:
                    self._answer(frame)
            if greeting is not None:
                self._channel.settimeout(None)
                return greeting
        shown = " ".join(said.decode(errors="replace").split())
        raise Unfit(
            f"{self._name} runs no POSIX shell on request"
            + (f"; it says: {shown}" if shown else ": nothing was answered")
        )

    def request(self, request: Request) -> None:
        """Send its line; *pending* is told what comes of it. Raises Unreachable."""
        self._send(self._taken(request))

    def tell(self, text: bytes) -> None:
        """Send a line that has no answer."""
        self._send(text + b"\n")

    def _taken(self, request: Request) -> bytes:
        """What to send, now that an answer will find who waits for it."""
        with self._lock:
            if self._lost is not None:
                raise self._lost
            self._pending[request.number] = request.pending
            request.is_taken = True
        return request.text + b"\n"

    def _send(self, text: bytes) -> None:
        with self._send_lock:
            try:
                self._channel.sendall(text)
            except OSError as exc:
                raise Unreachable(f"{self._name}: the connection was lost") from exc

    def forget(self, number: int) -> None:
        """Nobody waits for this answer any longer."""
        with self._lock:
            self._pending.pop(number, None)

    def read_frames(self) -> list[Frame] | None:
        """Answer who waits; the frames that nobody waits for. None when the shell has ended."""
        data = self._channel.recv(_CHUNK)
        if not data:
            return None
        self.heard_at = monotonic()
        return [frame for frame in self._reader.feed(data) if not self._answer(frame)]

    def _answer(self, frame: Frame) -> bool:
        if frame.kind not in {"N", "O", "X", "S"}:
            return False
        with self._lock:
            pending = self._pending.pop(int(frame.words[0]), None)
        if pending is not None:
            if pending.begun is not None:
                pending.begun(frame)
            pending.answer(frame)
        return True

    def lose(self, error: Unreachable) -> None:
        """Tell all who wait that nothing will come, and take no more requests."""
        with self._lock:
            self._lost = error
            waiting, self._pending = self._pending, {}
        for pending in waiting.values():
            pending.fail(error)
        with suppress(OSError, EOFError):
            self._channel.close()


def _greeting(frame: Frame) -> Greeting:
    home, folder = (part.decode("utf-8", "surrogateescape") for part in frame.parts)
    return Greeting(processes=tuple(frame.words), home=home, folder=folder)
