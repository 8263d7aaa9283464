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

    def greet(self, old: tuple[str, ...], timeout_s: float) -> Greeting:
        """Send our functions, wait until they are there. Raises HostError."""
        deadline = monotonic() + timeout_s
        self._channel.settimeout(timeout_s)
        with suppress(OSError):
            # what ends at once may have said why
            self._channel.sendall(prologue(self._words, old))
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
            for kind, words, parts in self._reader.feed(data):
                if kind == "R":
                    self._channel.settimeout(None)
                    home, folder = (part.decode("utf-8", "surrogateescape") for part in parts)
                    return Greeting(processes=tuple(words), home=home, folder=folder)
        text = " ".join(said.decode(errors="replace").split())
        raise Unfit(
            f"{self._name} runs no POSIX shell on request"
            + (f"; it says: {text}" if text else ": nothing was answered")
        )

    def request(self, number: int, text: bytes, pending: Pending) -> None:
        """Send one line; *pending* is told what comes of it. Raises Unreachable."""
        with self._lock:
            if self._lost is not None:
                raise self._lost
            self._pending[number] = pending
        self.tell(text)

    def tell(self, text: bytes) -> None:
        """Send a line that has no answer."""
        with self._send_lock:
            try:
                self._channel.sendall(text + b"\n")
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
