"""The relay processes of a run, as the keeper sees them.

A process is started when a path needs it, up to one per processor; a path (one direction of a link)
goes to the process that carries the fewest. A request waits for its answer, which takes less than
a millisecond once the process is up.
"""

import json
import os
import socket
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nepishell.core.errors import HostError
from nepishell.hosts.netns import barestart
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.qdisc import default_queue

REQUEST_MAX = 1 << 16
ANSWER_TIMEOUT_S = 10.0
DIRECTIONS = ("forward", "backward")
#: Memory that is given back to the kernel costs a fault when the next frame needs it.
ENVIRONMENT = {"MALLOC_TRIM_THRESHOLD_": str(256 << 20), "MALLOC_TOP_PAD_": str(16 << 20)}
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
    """Places the directions of links on relay processes. Any thread; raises HostError."""

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
        try:
            requests = [request for link in links for request in _add_requests(link)]
            with self._lock:
                for start in range(0, len(requests), CHUNK):
                    self._add_chunk(requests[start : start + CHUNK])
        finally:
            for link in links:
                link.a.close()
                link.b.close()

    def set_shape(self, name: str, forward: Shape, backward: Shape) -> None:
        """Give a link new shapes while frames are in flight."""
        shapes = ({"shape": wire_shape(forward)}, {"shape": wire_shape(backward)})
        self._ask("set", name, *shapes)

    def stats(self, name: str) -> dict[str, Any]:
        """{"forward": counters, "backward": counters}, see Direction.stats()."""
        return self._ask("stats", name)

    def losses(self) -> dict[str, int]:
        """Frames that were lost because this machine was too slow, by link, where there are any."""
        found: dict[str, int] = {}
        with self._lock:
            for process in self._processes:
                for path, lost in process.ask({"op": "losses"}).items():
                    name = path.rpartition(" ")[0]
                    found[name] = found.get(name, 0) + int(lost)
        return found

    def remove(self, name: str) -> dict[str, Any]:
        """Stop carrying a link; its last counters, {} when its process is gone."""
        try:
            last = self._ask("remove", name)
        except RelayGone:
            last = {}
        with self._lock:
            for path in paths(name):
                self._forget(path)
        return last

    def close(self) -> None:
        """End the processes and wait until they are gone; idempotent."""
        with self._lock:
            for process in self._processes:
                process.close()
            self._processes.clear()
            self._place.clear()

    def _ask(self, op: str, name: str, *more: dict[str, Any]) -> dict[str, Any]:
        """Ask the same of both directions; *more* goes with the one and the other."""
        asked = [{"op": op, "path": path} for path in paths(name)]
        for request, addition in zip(asked, more, strict=False):
            request.update(addition)
        with self._lock:
            if asked[0]["path"] not in self._place:
                raise HostError(f"no relayed link '{name}'")
            answers = [self._place[request["path"]].ask(request) for request in asked]
        return dict(zip(DIRECTIONS, answers, strict=True))

    def _add_chunk(self, requests: list[tuple[dict[str, Any], tuple[int, int]]]) -> None:
        # all are sent before the first answer is read: processes that start do so side by side
        errors = []
        unanswered = []
        for request, fds in requests:
            process = self._least_loaded()
            try:
                process.send(request, fds)
            except HostError as error:
                errors.append(error)
                continue
            process.paths.add(request["path"])
            self._place[request["path"]] = process
            unanswered.append(request["path"])
        for path in unanswered:
            try:
                self._place[path].answer()
            except HostError as error:
                errors.append(error)
                self._forget(path)
        if errors:
            raise errors[0]

    def _least_loaded(self) -> "RelayProcess":
        for process in [process for process in self._processes if process.is_gone]:
            self._processes.remove(process)
            process.close()
        idle = any(not process.paths for process in self._processes)
        if not idle and len(self._processes) < self._limit:
            self._processes.append(RelayProcess())
        return min(self._processes, key=lambda process: len(process.paths))

    def _forget(self, path: str) -> None:
        self._place.pop(path).paths.discard(path)


def paths(name: str) -> tuple[str, str]:
    """How the two directions of a link are called in the relay processes."""
    return f"{name} {DIRECTIONS[0]}", f"{name} {DIRECTIONS[1]}"


def _add_requests(link: RelayLink) -> list[tuple[dict[str, Any], tuple[int, int]]]:
    a, b = link.a.fileno(), link.b.fileno()
    ways = ((link.forward, (a, b)), (link.backward, (b, a)))
    return [
        (
            {"op": "add", "path": path, "seed": f"{link.seed} {name}", "shape": wire_shape(shape)},
            fds,
        )
        for path, name, (shape, fds) in zip(paths(link.name), DIRECTIONS, ways, strict=True)
    ]


class RelayGone(HostError):
    """A relay process ended by itself."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"relay process {pid} is gone: its links are dead")


class RelayProcess:
    """One relay process and the socket to it."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(ANSWER_TIMEOUT_S)
        with theirs:
            self._process = subprocess.Popen(
                barestart.command("nepishell.hosts.netns.relay", str(theirs.fileno())),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                env=ENVIRONMENT,
                cwd="/",
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_gone(self) -> bool:
        """Whether it has ended by itself."""
        return self._process.poll() is not None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        self.send(request)
        return self.answer()

    def send(self, request: dict[str, Any], fds: Sequence[int] = ()) -> None:
        """Send a request; answer() must follow, in the same order."""
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], fds)
        except OSError as error:
            raise RelayGone(self.pid) from error

    def answer(self) -> dict[str, Any]:
        """The answer to the oldest request that has none yet."""
        try:
            data = self._control.recv(REQUEST_MAX)
        except TimeoutError as error:
            raise HostError(f"relay process {self.pid} gives no answer") from error
        except OSError as error:
            raise RelayGone(self.pid) from error
        if not data:
            raise RelayGone(self.pid)
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
