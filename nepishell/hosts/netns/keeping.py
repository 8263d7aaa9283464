"""The keeper process as the controller holds it: started, listened to, ended.

One thread per lab reads what the keeper tells (ends of processes), however many processes run.
Should the keeper itself die, that thread ends the processes which it leaves behind.
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from time import monotonic
from typing import Any

from nepishell.core.errors import HostError
from nepishell.hosts import sessions
from nepishell.hosts.netns import wire
from nepishell.hosts.netns.channel import Channel
from nepishell.hosts.netns.transport import Transport
from nepishell.hosts.process import SpawnedProcess

#: A Measured as the wire carries it.
Fields = Mapping[str, float | None]

_KILLED = -9


class KeeperProcess:
    """A running keeper, its channel and the processes that it reports on."""

    def __init__(self, transport: Transport) -> None:
        """Wait until one that was started is ready; raises HostError with its reason."""
        self._transport = transport
        self._lock = threading.Lock()
        self._watched: dict[int, SpawnedProcess] = {}
        self._wanted: dict[int, SimpleQueue[tuple[Any, Any]]] = {}
        #: called, from a thread of its own, when the keeper has ended without close()
        self.on_lost: Callable[[], None] = lambda: None
        #: whether it has ended
        self.is_gone = False
        self._is_closing = False
        self.channel = Channel(transport.requests)
        try:
            self.pid = self.channel.hello()
        except HostError:
            self._dispose()
            raise
        self._listener = threading.Thread(target=self._listen, name="lab-events", daemon=True)
        self._listener.start()

    def watch(self, process: SpawnedProcess) -> None:
        """Have the end of *process* told; before its spawn is asked for, so that none is missed."""
        with self._lock:
            self._watched[process.token] = process

    def forget(self, process: SpawnedProcess) -> None:
        """For a process that did not come to be."""
        with self._lock:
            self._watched.pop(process.token, None)

    def measured(self, token: int, ask: Callable[[], object]) -> tuple[Fields, Fields]:
        """Have *ask* request a measurement under *token*; block until its result is here."""
        result: SimpleQueue[tuple[Any, Any]] = SimpleQueue()
        with self._lock:
            self._wanted[token] = result
        try:
            ask()
        except HostError:
            with self._lock:
                self._wanted.pop(token, None)
            raise
        forward, backward = result.get()
        if forward is None:
            raise HostError(f"the link was not measured: {backward}")
        return forward, backward

    def close(self) -> None:
        """End the lab and wait until nothing of it is left."""
        self._is_closing = True
        # it may have died before us; what it owned died with it
        with suppress(HostError):
            self.channel.call("close")
        self._transport.wait()
        self._listener.join()
        self._dispose()

    def _dispose(self) -> None:
        self._transport.wait()
        self.channel.close()
        self._transport.events.close()

    def _listen(self) -> None:
        lines = wire.Lines(self._transport.events)
        while batch := lines.read():
            for line in batch:
                self._tell(*json.loads(line))
        self._bury()

    def _tell(self, kind: str, token: int, first: Any, second: Any) -> None:
        """Pass an event on: the end of a process, or the result of a measurement."""
        with self._lock:
            process = self._watched.pop(token, None)
            wanted = self._wanted.pop(token, None)
        if kind == wire.EXIT and process is not None:
            code, at = first
            process.ended(code, at, second)
        elif kind == wire.MEASURED and wanted is not None:
            wanted.put((first, second))

    def _bury(self) -> None:
        """The keeper is gone: so must be what it was to end."""
        self.is_gone = True
        with self._lock:
            orphans = list(self._watched.values())
            self._watched.clear()
            wanted = list(self._wanted.values())
            self._wanted.clear()
        for result in wanted:
            result.put((None, "the lab was closed meanwhile"))
        for process in orphans:
            # elsewhere they ended with the keeper, and the pid may be anybody's here
            if process.pid and self._transport.is_here:
                sessions.kill_session(process.pid, process.start_time)
            process.ended(_KILLED, monotonic())
        if not self._is_closing:
            self.on_lost()
