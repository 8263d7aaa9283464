"""The relay process: carries the frames of many paths (directions of links) between sockets.

Requests are JSON over the SEQPACKET socket whose number is the argument: {"op": "add", "path",
"seed", "shape"} with the socket to read and the one to write; "set", "stats", "losses", "remove".
Each has one answer; {"error": ...} when it failed. End of file ends the process. One select()
(timeouts in microseconds) over one epoll: exact timers, and a cost that grows with traffic, not
with links.
"""

import gc
import json
import os
import resource
import select
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from fcntl import ioctl
from heapq import heappop, heappush
from itertools import islice
from threading import Thread
from time import monotonic, sleep, time
from typing import Any

from nepishell.hosts.netns.relaydirection import NEVER, Direction, lost_of

REQUEST_MAX = 1 << 16
LOSSES_MAX = 500
SOL_PACKET, PACKET_STATISTICS = 263, 6
SIOCGSTAMPNS = 0x8907
#: Seconds of our own lateness that are taken off a frame's delay.
LATENESS_MAX = 0.001
#: While frames follow each other faster than this (seconds), several are handled per wake-up.
REST, CLOSE = 0.00005, 0.0002
OVERSLEEP_MAX = 0.0001
NICENESS = -10

Request = dict[str, Any]


class Path:
    """One direction of a link: a socket to read, a socket to write, and what happens between."""

    def __init__(self, source: socket.socket, target: socket.socket, seed: str) -> None:
        self.source, self.target = source, target
        self.direction = Direction(
            source.fileno(), target.fileno(), seed, lateness=lateness_of(source)
        )
        self.overrun = 0

    def stats(self) -> dict[str, Any]:
        """Counters; "overrun" is what was lost before the relay could read it."""
        with suppress(OSError):  # not a packet socket: nothing counts there
            answer = self.source.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
            self.overrun += int(struct.unpack("=II", answer)[1])
        return {**self.direction.stats(), "overrun": self.overrun}

    def close(self) -> None:
        """Drop what is in flight and give back the sockets."""
        self.direction.shape({"up": False}, monotonic())
        # closing waits for all processors (synchronize_net, 15 ms): other links do not wait with it
        for port in (self.source, self.target):
            Thread(target=port.close).start()


def lateness_of(source: socket.socket) -> Callable[[], float]:
    """How long ago (seconds, at most LATENESS_MAX) the frame that was read last had arrived."""
    fd, stamp = source.fileno(), bytes(16)

    def lateness() -> float:
        try:
            seconds, nanoseconds = struct.unpack("=qq", ioctl(fd, SIOCGSTAMPNS, stamp))
        except OSError:  # nothing was read yet, or no stamps here
            return 0.0
        # the stamp is of the wall clock; if that was just set, the bound limits the harm
        age: float = time() - seconds - nanoseconds * 1e-9
        return min(LATENESS_MAX, max(0.0, age))

    return lateness


class Relay:
    """The loop: requests, frames to read, frames that are due, none of them starving another."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.paths: dict[str, Path] = {}
        self.readers: dict[int, Direction] = {}
        self.agenda: list[tuple[float, int, Direction]] = []
        self.epoll = select.epoll()
        self.epoll.register(control, select.EPOLLIN)
        self.running = True
        self.served_at = self.oversleep = 0.0
        self.operations: dict[str, Callable[[Request, list[int]], Any]] = {
            "add": self._add,
            "set": self._set,
            "remove": self._remove,
            "stats": self._stats,
            "losses": self._losses,
        }

    def run(self) -> None:
        """Carry frames until the other side of the control socket is gone."""
        while self.running:
            self._serve()
            self._wait()
            for fd, _ in self.epoll.poll(0):
                if direction := self.readers.get(fd):
                    direction.receive()
                    self._arm(direction)
                    self._serve()
                elif fd == self.control.fileno():
                    self._answer()

    def _wait(self) -> None:
        """Until a socket is ready or just before something is due: the last bit is spent looking
        around, because a sleeper wakes up late, by about as much as the last time."""
        if not self.agenda:
            select.select([self.epoll], [], [])
            return
        now = monotonic()
        left = self.agenda[0][0] - now
        if 0 < left < REST and now - self.served_at < CLOSE:
            sleep(REST)
            return
        timeout = left - self.oversleep
        if timeout > 0 and not select.select([self.epoll], [], [], timeout)[0]:
            late = monotonic() - now - timeout
            self.oversleep += (min(late, OVERSLEEP_MAX) - self.oversleep) / 8

    def _serve(self) -> None:
        """Each direction with something due writes a batch; who has more comes again."""
        agenda = self.agenda
        now = monotonic()
        served = []
        while agenda and agenda[0][0] <= now:
            direction = heappop(agenda)[2]
            if direction.armed_at <= now:
                direction.armed_at = NEVER
                direction.serve(now)
                served.append(direction)
        for direction in served:
            self._arm(direction)
            self.served_at = now

    def _arm(self, direction: Direction) -> None:
        at = direction.next_at
        if at < direction.armed_at:
            direction.armed_at = at
            heappush(self.agenda, (at, id(direction), direction))

    def _answer(self) -> None:
        try:
            data, fds, _, _ = socket.recv_fds(self.control, REQUEST_MAX, 2)
        except ConnectionError:
            data, fds = b"", []
        if not data:
            self.running = False
            return
        try:
            request = json.loads(data)
            answer = self.operations[request["op"]](request, fds)
        except (KeyError, ValueError, OSError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        with suppress(ConnectionError):
            self.control.send(json.dumps(answer).encode())

    def _add(self, request: Request, fds: list[int]) -> dict[str, Any]:
        source, target = (socket.socket(fileno=fd) for fd in fds)
        path = Path(source, target, request["seed"])
        path.direction.shape(request["shape"], monotonic())
        for port in (source, target):
            port.setblocking(False)
        self.paths[request["path"]] = path
        self.readers[source.fileno()] = path.direction
        self.epoll.register(source, select.EPOLLIN)
        return {}

    def _set(self, request: Request, _fds: list[int]) -> dict[str, Any]:
        direction = self.paths[request["path"]].direction
        direction.shape(request["shape"], monotonic())
        self._arm(direction)
        return {}

    def _remove(self, request: Request, _fds: list[int]) -> dict[str, Any]:
        path = self.paths.pop(request["path"])
        last = path.stats()
        self.epoll.unregister(path.source)
        del self.readers[path.source.fileno()]
        path.close()
        return last

    def _stats(self, request: Request, _fds: list[int]) -> dict[str, Any]:
        return self.paths[request["path"]].stats()

    def _losses(self, _request: Request, _fds: list[int]) -> dict[str, Any]:
        """Frames that were lost because we were too slow, of each path that has lost some."""
        found = {name: lost_of(path.stats()) for name, path in self.paths.items()}
        # an answer has its limit; the others are told when these are gone
        return dict(islice(((name, lost) for name, lost in found.items() if lost), LOSSES_MAX))

    def close(self) -> None:
        """Give back every socket."""
        for path in self.paths.values():
            path.close()
        self.epoll.close()
        self.control.close()


def prepare_process() -> None:
    """Exact timers, all the files we may open, and a little precedence where that is allowed."""
    with suppress(OSError), open("/proc/self/timerslack_ns", "w") as slack:  # noqa: PTH123
        slack.write("1")
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gc.disable()  # frames are freed by their reference count; a collection would delay them


def main() -> None:
    """Serve the control socket whose number is the argument."""
    prepare_process()
    relay = Relay(socket.socket(fileno=int(sys.argv[1])))
    try:
        relay.run()
    finally:
        relay.close()
