"""How a keeper is reached: over two sockets on this machine, over one stream on another; one that
outlived its controller at its door.

Over a stream, answers and events come one after the other; the first byte of a line tells which it
is (an answer is an object, an event a list), and a thread sorts them.
"""

import os
import select
import socket
import struct
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from nepishell.hosts.netns import barestart

KEEPER = "nepishell.hosts.netns.keeper"
_CHUNK = 1 << 16


class Duplex(Protocol):
    """What a socket and an SSH channel have in common."""

    def sendall(self, data: bytes, /) -> object:
        """Send all of it; raises OSError when the other end is gone."""

    def recv(self, size: int, /) -> bytes:
        """Block until there is something; b"" at the end."""

    def close(self) -> object:
        """Give it back; the other end sees the end of file."""


class Transport(Protocol):
    """A keeper that was started."""

    #: whether its processes are ours to see and signal
    is_here: bool

    @property
    def requests(self) -> Duplex: ...

    @property
    def events(self) -> socket.socket: ...

    def wait(self) -> None:
        """Block until it is gone."""


class LocalTransport:
    """A keeper on this machine."""

    is_here = True

    def __init__(self, hosts_file: Path, log: Path, module: str = KEEPER) -> None:
        self.requests, their_requests = socket.socketpair()
        self.events, their_events = socket.socketpair()
        with their_requests, their_events, log.open("wb") as errors:
            numbers = (their_requests.fileno(), their_events.fileno())
            self._process = subprocess.Popen(
                barestart.command(module, *map(str, numbers), str(hosts_file)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=numbers,
                # a Ctrl-C at the terminal is the controller's to handle
                start_new_session=True,
                cwd="/",
            )

    def wait(self) -> None:
        self._process.wait()


class HeldTransport:
    """A keeper on this machine that outlived its controller, reached at its door."""

    is_here = True

    def __init__(self, door: Path) -> None:
        """Raises OSError when nobody waits there."""
        folder = os.open(door.parent, os.O_PATH | os.O_CLOEXEC)
        try:
            # the path itself may be longer than the name of a socket can be
            name = f"/proc/self/fd/{folder}/{door.name}"
            self.requests = _connected(name)
            try:
                self.events = _connected(name)
            except OSError:
                self.requests.close()
                raise
        finally:
            os.close(folder)
        self._keeper = os.pidfd_open(_peer_of(self.requests))

    def wait(self) -> None:
        if self._keeper >= 0:
            gone = select.poll()
            gone.register(self._keeper, select.POLLIN)
            gone.poll()
            os.close(self._keeper)
            self._keeper = -1


def _connected(name: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(name)
    except OSError:
        made.close()
        raise
    return made


def _peer_of(made: socket.socket) -> int:
    """The process that listens there."""
    credentials = made.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid: int = struct.unpack("3i", credentials)[0]
    return pid


class StreamTransport:
    """A keeper at the other end of a stream that stdio.py serves there."""

    is_here = False

    def __init__(self, stream: Duplex, name: str) -> None:
        self._stream = stream
        self._answers, self._to_answers = socket.socketpair()
        self.events, self._to_events = socket.socketpair()
        self._sorter = threading.Thread(target=self._sort, name=f"lab-{name}", daemon=True)
        self._sorter.start()

    @property
    def requests(self) -> Duplex:
        """Ourselves: what is asked goes into the stream, what is read was sorted."""
        return self

    def sendall(self, data: bytes, /) -> None:
        """Ask; raises OSError when the stream has ended."""
        self._stream.sendall(data)

    def recv(self, size: int, /) -> bytes:
        """Answers."""
        return self._answers.recv(size)

    def close(self) -> None:
        """End the stream, and with it the lab there."""
        self._stream.close()
        self._sorter.join()
        self._answers.close()

    def wait(self) -> None:
        """Block until it has said its last word."""
        self._sorter.join()

    def _sort(self) -> None:
        rest = b""
        with self._to_answers, self._to_events, suppress(OSError):
            while data := self._stream.recv(_CHUNK):
                whole, newline, rest = (rest + data).rpartition(b"\n")
                lines = (whole + newline).splitlines(keepends=True)
                for target, wanted in ((self._to_answers, True), (self._to_events, False)):
                    if found := [line for line in lines if line.startswith(b"{") is wanted]:
                        target.sendall(b"".join(found))
