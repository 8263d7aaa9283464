"""The keeper: one small process per run that owns the lab's namespaces, devices and processes.

It enters a user namespace where it has to, so that the controller never leaves its own; it answers
requests (wire.py) one after the other in a single thread. When the controller is gone, by its will
or by a SIGKILL, the keeper ends everything that it made and then itself; unless it was told to hold
on: then the lab lives, and waits at a socket for the next controller.
"""

import gc
import json
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from nepishell.hosts.netns import kernel, permission, wire
from nepishell.hosts.netns.namespaces import open_core
from nepishell.hosts.netns.operations import Operations, Refusal
from nepishell.hosts.netns.processes import Processes


class Asked(Protocol):
    """What the loop needs of those who do what is asked."""

    processes: Processes
    is_closed: bool
    door: socket.socket | None

    def __call__(self, name: str, *arguments: object) -> object: ...
    def next_deadline_s(self) -> float | None: ...
    def act(self) -> None: ...
    def close(self) -> None: ...


class Keeper:
    """The loop: requests, deaths, deadlines."""

    def __init__(self, requests: socket.socket, events: socket.socket, hosts_file: str) -> None:
        self._requests = requests
        self._events = events
        self._unsent = b""
        self._is_stuck = False
        self._is_alone = False
        self._poll = select.epoll()
        self._listeners: dict[int, Callable[[], None]] = {}
        self.operations: Asked = self.make_operations(hosts_file)

    def make_operations(self, hosts_file: str) -> "Asked":
        """What can be asked of us; another kind of keeper has others."""
        return Operations(open_core(hosts_file), self._tell_exit, self._listen, self._tell_measured)

    def serve(self, wakeup: int) -> None:
        """Answer until the lab is closed or its controller gone for good.

        *wakeup* becomes readable whenever a signal came.
        """
        self._poll.register(wakeup, select.EPOLLIN)
        while self._serve_one(wakeup) and (door := self.operations.door) is not None:
            self._unsent = b""
            for conn in (self._requests, self._events):
                self._poll.unregister(conn)
                conn.close()
            if not self._wait_for_next(wakeup, door):
                return

    def _serve_one(self, wakeup: int) -> bool:
        """Serve a controller to its end; False when the lab ended with it."""
        lines = wire.Lines(self._requests)
        for conn in (self._requests, self._events):
            self._poll.register(conn, select.EPOLLIN)
        while not self.operations.is_closed:
            ready = self._turn(wakeup)
            if ready is None:
                return False
            happened = ready.get(self._events.fileno(), 0)
            if happened & select.EPOLLOUT:
                self._flush()
            if happened & ~select.EPOLLOUT:
                return True
            if self._requests.fileno() in ready and not self._answer_all(lines.read()):
                return True
        return False

    def _turn(self, wakeup: int) -> dict[int, int] | None:
        """Wait for something and do what needs no controller; None when told to end."""
        ready = dict(self._poll.poll(self.operations.next_deadline_s()))
        if wakeup in ready and _was_told_to_end(os.read(wakeup, 4096)):
            return None
        for fd in ready:
            if listener := self._listeners.get(fd):
                listener()
        self.operations.processes.reap()
        self.operations.act()
        return ready

    def _wait_for_next(self, wakeup: int, door: socket.socket) -> bool:
        """Let the lab live on until somebody takes it over; False when told to end."""
        self._is_alone = True
        self._poll.register(door, select.EPOLLIN)
        callers: list[socket.socket] = []
        while len(callers) < 2:
            ready = self._turn(wakeup)
            if ready is None:
                return False
            if door.fileno() in ready:
                caller, _ = door.accept()
                if _is_ours(caller):
                    callers.append(caller)
                else:
                    caller.close()
        self._poll.unregister(door)
        self._requests, self._events = callers
        self._is_alone = False
        self._requests.sendall(wire.encode({"ok": os.getpid()}))
        return True

    def _answer_all(self, lines: Sequence[bytes]) -> bool:
        """Answer in one write, so that requests that came together cost one turn; False at EOF."""
        try:
            self._requests.sendall(b"".join([self._answer(line) for line in lines]))
        except (BrokenPipeError, ConnectionResetError):
            return False
        return bool(lines)

    def _answer(self, line: bytes) -> bytes:
        name, *arguments = json.loads(line)
        try:
            return wire.encode({"ok": self.operations(name, *arguments)})
        except Refusal as exc:
            return wire.encode({"error": permission.one_line(exc)})

    def _tell_exit(self, token: int, code: int, at: float, start_time: int) -> None:
        self._tell((wire.EXIT, token, (code, at), start_time))

    def _tell_measured(self, token: int, forward: object, backward: object) -> None:
        self._tell((wire.MEASURED, token, forward, backward))

    def _tell(self, event: Sequence[object]) -> None:
        if self._is_alone:
            return
        self._unsent += wire.encode(event)
        self._flush()

    def _listen(self, fd: int, listener: Callable[[], None]) -> None:
        self._listeners[fd] = listener
        self._poll.register(fd, select.EPOLLIN)

    def _flush(self) -> None:
        """Send what waits; a controller that does not read must not stop the lab."""
        try:
            while self._unsent:
                sent = self._events.send(self._unsent, socket.MSG_DONTWAIT)
                self._unsent = self._unsent[sent:]
        except BlockingIOError:
            self._poll.modify(self._events.fileno(), select.EPOLLIN | select.EPOLLOUT)
            self._is_stuck = True
            return
        except (BrokenPipeError, ConnectionResetError):
            # the controller is gone; the loop learns it by the end of file
            self._unsent = b""
        if self._is_stuck:
            self._poll.modify(self._events.fileno(), select.EPOLLIN)
            self._is_stuck = False


def _is_ours(caller: socket.socket) -> bool:
    """Whether who knocks is the user whose lab it is; another one's id is not ours in any space."""
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.geteuid())


def _was_told_to_end(signals: bytes) -> bool:
    return signal.SIGTERM in signals


def _listen_for_signals() -> int:
    """A descriptor that becomes readable at SIGCHLD and SIGTERM; terminals cannot disturb us."""
    reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for signum in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, lambda *_: None)
    return reading


def main(kind: type[Keeper] = Keeper) -> None:
    """Run for the controller at the other end of the sockets whose numbers are the arguments."""
    gc.disable()  # it holds no cycles worth a pause
    requests = socket.socket(fileno=int(sys.argv[1]))
    events = socket.socket(fileno=int(sys.argv[2]))
    for inherited in (requests, events):
        inherited.set_inheritable(False)
    wakeup = _listen_for_signals()
    try:
        kernel.become_subreaper()
        keeper = kind(requests, events, sys.argv[3])
    except OSError as exc:
        requests.sendall(wire.encode({"error": permission.explain(exc)}))
        return
    requests.sendall(wire.encode({"ok": os.getpid()}))
    try:
        keeper.serve(wakeup)
    finally:
        keeper.operations.close()
