"""The keeper process as the controller holds it: started, listened to, ended.

One thread per lab reads what the keeper tells (ends of processes), however many processes run.
Should the keeper itself die, that thread ends the processes which it leaves behind.
"""

import json
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Any

from nepishell.core.errors import HostError
from nepishell.hosts import sessions
from nepishell.hosts.netns import barestart, wire
from nepishell.hosts.netns.channel import Channel
from nepishell.hosts.process import SpawnedProcess

#: A Measured as the wire carries it.
Fields = Mapping[str, float | None]

_MODULE = "nepishell.hosts.netns.keeper"
_KILLED = -9


class KeeperProcess:
    """A running keeper, its channel and the processes that it reports on."""

    def __init__(self, hosts_file: Path, log: Path) -> None:
        """Start it and wait until it is ready; raises HostError with its reason."""
        self._log = log
        self._lock = threading.Lock()
        self._watched: dict[int, SpawnedProcess] = {}
        self._wanted: dict[int, SimpleQueue[tuple[Any, Any]]] = {}
        requests, their_requests = socket.socketpair()
        self._events, their_events = socket.socketpair()
        with their_requests, their_events, log.open("wb") as errors:
            numbers = (their_requests.fileno(), their_events.fileno())
            self._process = subprocess.Popen(
                barestart.command(_MODULE, *map(str, numbers), str(hosts_file)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=numbers,
                # a Ctrl-C at the terminal is the controller's to handle
                start_new_session=True,
                cwd="/",
            )
        self.channel = Channel(requests)
        try:
            self.channel.hello()
        except HostError:
            self._dispose()
            raise
        self._listener = threading.Thread(target=self._listen, name="lab-events", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

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
        # it may have died before us; what it owned died with it
        with suppress(HostError):
            self.channel.call("close")
        self._process.wait()
        self._listener.join()
        self._dispose()

    def _dispose(self) -> None:
        self._process.wait()
        self.channel.close()
        self._events.close()
        if self._log.stat().st_size == 0:
            self._log.unlink()

    def _listen(self) -> None:
        lines = wire.Lines(self._events)
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
        with self._lock:
            orphans = list(self._watched.values())
            self._watched.clear()
            wanted = list(self._wanted.values())
            self._wanted.clear()
        for result in wanted:
            result.put((None, "the lab was closed meanwhile"))
        for process in orphans:
            if process.pid:
                sessions.kill_session(process.pid, process.start_time)
            process.ended(_KILLED, monotonic())
