"""The relay process: carries the frames of many links between packet sockets.

Requests are JSON over the SEQPACKET socket whose number is the argument: {"op": "add", "link",
"seed", "forward", "backward"} with the link's two sockets; "set", "remove", "stats". Each has one
answer; {"error": ...} when it failed. End of file ends the process. One select() with a timeout in
microseconds over one epoll: exact timers, and a cost that grows with traffic, not with links.
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
from heapq import heappop, heappush
from time import monotonic
from typing import Any

from nepishell.hosts.netns.relaydirection import NEVER, Direction

REQUEST_MAX = 1 << 16
SOL_PACKET, PACKET_STATISTICS = 263, 6
NICENESS = -10

Request = dict[str, Any]


class Link:
    """Two sockets and the two directions between them."""

    def __init__(self, a: socket.socket, b: socket.socket, seed: str) -> None:
        self.a, self.b = a, b
        self.forward = Direction(a.recv, b.send, f"{seed} forward")
        self.backward = Direction(b.recv, a.send, f"{seed} backward")
        self.overruns = {"forward": 0, "backward": 0}

    def shape(self, request: Request) -> None:
        """Give the directions that *request* names their new shape."""
        now = monotonic()
        for name, direction in (("forward", self.forward), ("backward", self.backward)):
            if name in request:
                direction.shape(request[name], now)

    def stats(self) -> dict[str, Any]:
        """Counters of both directions; "overrun" was lost before the relay could read it."""
        self.overruns["forward"] += overrun(self.a)
        self.overruns["backward"] += overrun(self.b)
        return {
            "forward": {**self.forward.stats(), "overrun": self.overruns["forward"]},
            "backward": {**self.backward.stats(), "overrun": self.overruns["backward"]},
        }

    def close(self) -> None:
        """Drop what is in flight and give back the sockets."""
        for direction in (self.forward, self.backward):
            direction.shape({"up": False}, monotonic())
        self.a.close()
        self.b.close()


def overrun(port: socket.socket) -> int:
    """Frames that found the socket's buffer full since the last time we asked."""
    try:
        answer = port.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
    except OSError:  # not a packet socket: nothing counts there
        return 0
    return int(struct.unpack("=II", answer)[1])


class Relay:
    """The loop: requests, frames to read, frames that are due, none of them starving another."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.links: dict[str, Link] = {}
        self.readers: dict[int, Direction] = {}
        self.agenda: list[tuple[float, int, Direction]] = []
        self.epoll = select.epoll()
        self.epoll.register(control, select.EPOLLIN)
        self.running = True
        self.operations: dict[str, Callable[[Request, list[int]], Any]] = {
            "add": self._add,
            "set": self._set,
            "remove": self._remove,
            "stats": self._stats,
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
        timeout = None
        if self.agenda:
            timeout = self.agenda[0][0] - monotonic()
        if timeout is None or timeout > 0:
            select.select([self.epoll], [], [], timeout)

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
        a, b = (socket.socket(fileno=fd) for fd in fds)
        if request["link"] in self.links:
            a.close()
            b.close()
            raise ValueError(f"link {request['link']} exists")
        link = Link(a, b, str(request["seed"]))
        link.shape(request)
        self.links[request["link"]] = link
        for port, direction in ((a, link.forward), (b, link.backward)):
            port.setblocking(False)
            self.readers[port.fileno()] = direction
            self.epoll.register(port, select.EPOLLIN)
        return {}

    def _set(self, request: Request, _fds: list[int]) -> dict[str, Any]:
        link = self.links[request["link"]]
        link.shape(request)
        self._arm(link.forward)
        self._arm(link.backward)
        return {}

    def _remove(self, request: Request, _fds: list[int]) -> dict[str, Any]:
        link = self.links.pop(request["link"])
        last = link.stats()
        for port in (link.a, link.b):
            self.epoll.unregister(port)
            del self.readers[port.fileno()]
        link.close()
        return last

    def _stats(self, request: Request, _fds: list[int]) -> dict[str, Any]:
        return self.links[request["link"]].stats()

    def close(self) -> None:
        """Give back every socket."""
        for link in self.links.values():
            link.close()
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
