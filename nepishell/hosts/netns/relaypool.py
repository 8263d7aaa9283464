"""The relay processes of a run, as the keeper sees them.

A process is started when a link needs it, up to one per processor; a link goes to the process that
carries the fewest. A request waits for its answer (under a millisecond once the process is up).
"""

import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nepishell.core.errors import HostError
from nepishell.hosts.netns import barestart
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.qdisc import default_queue

REQUEST_MAX = 1 << 16
ANSWER_TIMEOUT_S = 10.0
#: Requests under way at once: bounds the sockets that travel unread.
CHUNK = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayLink:
    """A link to carry: its packet sockets (from relayport.open_port), shapes and seed."""

    name: str
    a: socket.socket
    b: socket.socket
    forward: Shape
    backward: Shape
    seed: int


class RelayPool:
    """Places links on relay processes. Safe from any thread; raises HostError."""

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit or len(os.sched_getaffinity(0))
        self._lock = threading.Lock()
        self._processes: list[RelayProcess] = []
        self._place: dict[str, RelayProcess] = {}

    @property
    def pids(self) -> list[int]:
        """The processes that run now."""
        return [process.pid for process in self._processes]

    def add(self, links: Sequence[RelayLink]) -> None:
        """Carry *links* from now on; their sockets are ours, and closed here in any case."""
        with self._lock:
            try:
                placed = [(self._least_loaded(link.name), link) for link in links]
                for start in range(0, len(placed), CHUNK):
                    self._add_chunk(placed[start : start + CHUNK])
            finally:
                for link in links:
                    link.a.close()
                    link.b.close()

    def set_shape(self, name: str, forward: Shape, backward: Shape) -> None:
        """Give a link new shapes while frames are in flight."""
        shapes = {"forward": wire_shape(forward), "backward": wire_shape(backward)}
        self._ask({"op": "set", "link": name, **shapes})

    def stats(self, name: str) -> dict[str, Any]:
        """Counters of both directions, see Direction.stats()."""
        return self._ask({"op": "stats", "link": name})

    def remove(self, name: str) -> dict[str, Any]:
        """Stop carrying a link; its last counters."""
        last = self._ask({"op": "remove", "link": name})
        with self._lock:
            self._place.pop(name).links.discard(name)
        return last

    def close(self) -> None:
        """End the processes and wait until they are gone; idempotent."""
        with self._lock:
            for process in self._processes:
                process.close()
            self._processes.clear()
            self._place.clear()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            process = self._place.get(request["link"])
            if process is None:
                raise HostError(f"no relayed link '{request['link']}'")
            process.send(request)
            return process.answer()

    def _least_loaded(self, name: str) -> "RelayProcess":
        idle = [process for process in self._processes if not process.links]
        if not idle and len(self._processes) < self._limit:
            self._processes.append(RelayProcess())
        process = min(self._processes, key=lambda process: len(process.links))
        process.links.add(name)
        self._place[name] = process
        return process

    def _add_chunk(self, placed: "Iterable[tuple[RelayProcess, RelayLink]]") -> None:
        placed = list(placed)
        for process, link in placed:
            shapes = {"forward": wire_shape(link.forward), "backward": wire_shape(link.backward)}
            request = {"op": "add", "link": link.name, "seed": str(link.seed), **shapes}
            process.send(request, (link.a.fileno(), link.b.fileno()))
        errors = []
        for process, link in placed:
            try:
                process.answer()
            except HostError as error:
                errors.append(error)
                process.links.discard(link.name)
                self._place.pop(link.name, None)
        if errors:
            raise errors[0]


class RelayProcess:
    """One relay process and the socket to it."""

    def __init__(self) -> None:
        self.links: set[str] = set()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(ANSWER_TIMEOUT_S)
        with theirs:
            self._process = subprocess.Popen(
                barestart.command("nepishell.hosts.netns.relay", str(theirs.fileno())),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                cwd="/",
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def send(self, request: dict[str, Any], fds: Sequence[int] = ()) -> None:
        """Send a request; answer() must follow, in the same order."""
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], fds)
        except OSError as error:
            raise HostError(f"relay process {self.pid} is gone: its links are dead") from error

    def answer(self) -> dict[str, Any]:
        """The answer to the oldest request that has none yet."""
        try:
            data = self._control.recv(REQUEST_MAX)
        except OSError as error:
            raise HostError(f"relay process {self.pid} does not answer: {error}") from error
        if not data:
            raise HostError(f"relay process {self.pid} is gone: its links are dead")
        answer: dict[str, Any] = json.loads(data)
        if "error" in answer:
            raise HostError(f"relay: {answer['error']}")
        return answer

    def close(self) -> None:
        """End it by closing its control socket; wait until it is gone."""
        self._control.close()
        self._process.wait()


def wire_shape(shape: Shape) -> dict[str, Any]:
    """*shape* as the relay reads it, with the queue that is meant by 0."""
    return {**asdict(shape), "queue": shape.queue or default_queue(shape.rate)}
