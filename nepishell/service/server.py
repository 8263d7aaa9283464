"""One thread that reads and writes for all who are connected; each has a thread for its lines."""

import os
import select
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from threading import Lock, Thread

from nepishell.journal import door
from nepishell.journal.door import Greeting
from nepishell.service import wire
from nepishell.service.connection import Connection, close_read

#: How long those who are connected may take to leave at the end.
_LEAVE_S = 5.0


class Server:
    """Serves a run at its socket from construction to close(). *begin*: makes a session of a
    connection; its result is called in a thread of its own, and is to serve until it is over.
    """

    def __init__(
        self,
        listening: socket.socket,
        greet: Callable[[], Greeting],
        begin: Callable[[Connection], tuple[str, Callable[[], None]]],
    ) -> None:
        self._listening = listening
        self._greet = greet
        self._begin = begin
        self._connections: dict[int, Connection] = {}
        self._lock = Lock()
        self._changed: set[Connection] = set()
        self._is_closing = self._is_closed = False
        self._wakeup = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._poll = select.epoll()
        self._poll.register(self._wakeup, select.EPOLLIN)
        self._poll.register(listening.fileno(), select.EPOLLIN)
        self._thread = Thread(target=self._serve, name="nepishell-server", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let all who are connected go. Idempotent."""
        if self._is_closing:
            return
        self._is_closing = True
        os.eventfd_write(self._wakeup, 1)
        self._thread.join()
        self._poll.close()
        with self._lock:
            # a session that ends now would wake up whoever has this number next
            self._is_closed = True
            os.close(self._wakeup)

    def _touch(self, connection: Connection) -> None:
        """Look at *connection* soon; from any thread."""
        with self._lock:
            if self._is_closed:
                return
            self._changed.add(connection)
            os.eventfd_write(self._wakeup, 1)

    # -- the thread ----------------------------------------------------------------------------

    def _serve(self) -> None:
        while not self._is_closing:
            self._turn(None)
        self._poll.unregister(self._listening.fileno())
        for connection in list(self._connections.values()):
            connection.end()
            connection.on_lost()
            self._settle(connection)
        while self._connections:
            if not self._turn(_LEAVE_S):
                break
        for connection in list(self._connections.values()):
            self._drop(connection)

    def _turn(self, patience_s: float | None) -> bool:
        """Deal with what has happened; False when nothing did."""
        found = self._poll.poll(patience_s)
        for fd, happened in found:
            if fd == self._wakeup:
                os.eventfd_read(fd)
            elif fd == self._listening.fileno():
                self._accept()
            elif connection := self._connections.get(fd):
                self._act(connection, happened)
        with self._lock:
            changed, self._changed = self._changed, set()
        for connection in changed:
            self._settle(connection)
        return bool(found)

    def _act(self, connection: Connection, happened: int) -> None:
        if happened & select.EPOLLIN:
            connection.read()
        if happened & select.EPOLLOUT:
            connection.write()
        if happened & (select.EPOLLHUP | select.EPOLLERR) and not happened & select.EPOLLIN:
            connection.lose()
        self._settle(connection)

    def _settle(self, connection: Connection) -> None:
        """Listen for what *connection* wants now; forget it when it wants nothing any more."""
        fd = connection.fileno()
        if self._connections.get(fd) is not connection:
            return
        if connection.wants_to_write:
            connection.write()
        if connection.is_done and not connection.wants_to_write:
            self._drop(connection)
        elif connection.is_lost:
            # the kernel would tell it again and again until the session has noticed
            self._ignore(fd)
        else:
            wanted = select.EPOLLIN * connection.wants_to_read
            self._poll.modify(fd, wanted | select.EPOLLOUT * connection.wants_to_write)

    def _ignore(self, fd: int) -> None:
        with suppress(FileNotFoundError):
            self._poll.unregister(fd)

    def _drop(self, connection: Connection) -> None:
        fd = connection.fileno()
        self._ignore(fd)
        del self._connections[fd]
        connection.close()

    def _accept(self) -> None:
        try:
            made, _ = self._listening.accept()
        except OSError:
            return
        made.setblocking(False)
        if problem := self._refusal(made):
            with suppress(OSError):
                made.send(wire.encode({"error": {"message": problem}}))
            close_read(made)
            return
        connection = Connection(made, self._touch)
        fd = connection.fileno()
        name, serve = self._begin(connection)
        connection.send({**asdict(self._greet()), "pid": os.getpid(), "name": name,
                         "protocol": door.PROTOCOL})  # fmt: skip
        self._connections[fd] = connection
        self._poll.register(fd, select.EPOLLIN)
        Thread(target=self._run, args=(connection, serve), daemon=True,
               name=f"nepishell-session-{name}").start()  # fmt: skip
        self._settle(connection)

    def _run(self, connection: Connection, serve: Callable[[], None]) -> None:
        try:
            serve()
        finally:
            connection.finish()

    def _refusal(self, made: socket.socket) -> str:
        if not door.is_ours(made):
            return "this run is of another user"
        if len(self._connections) >= wire.MOST_CONNECTIONS:
            return f"{wire.MOST_CONNECTIONS} are connected already"
        return ""
