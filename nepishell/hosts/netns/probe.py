"""What a link really does: probes sent through it, both ways at once, by the two ends' sockets.

Frames of an EtherType of our own carry a number and a stamp; both ends read the same clock, so
each way is measured by itself. First a few small frames, spaced, for the delay; then a train of
frames for the rate and the loss. Nothing here waits but one select() with the next due time.
"""

import fcntl
import os
import select
import socket
import struct
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from time import monotonic, time

from nepishell.core.errors import HostError
from nepishell.hosts.netns import qdisc
from nepishell.hosts.netns.model import Measured, Shape
from nepishell.hosts.netns.probeplan import SMALL, Plan, misses, plan

__all__ = ["Flight", "ProbedLink", "measure", "misses", "open_probe_socket", "run"]

ETHERTYPE = 0x88B5  # "local experimental"
BROADCAST = b"\xff" * 6
SENDER = b"\x02\0\0\0\x88\xb5"
#: destination, source, type, token twice, number thrice: one flipped bit harms neither
HEADER = struct.Struct("!6s6sH8s8sIII")
SIOCGSTAMPNS = 0x8907
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
BUFFER = 8 << 20
BATCH = 32
#: How long after its last possible arrival a frame is given up (seconds).
PATIENCE = 0.05
NEVER = float("inf")


def open_probe_socket(ifname: str) -> socket.socket:
    """A packet socket for probes on *ifname* of the calling thread's namespace. HostError."""
    probe = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
    try:
        for option in (SO_SNDBUFFORCE, SO_RCVBUFFORCE):
            with suppress(PermissionError):
                probe.setsockopt(socket.SOL_SOCKET, option, BUFFER)
        probe.bind((ifname, ETHERTYPE))
        probe.setblocking(False)
        with suppress(OSError):  # "nothing read yet": but from now on the kernel stamps
            fcntl.ioctl(probe, SIOCGSTAMPNS, bytes(16))
    except OSError as error:
        probe.close()
        raise HostError(f"no probes on '{ifname}': {error.strerror}") from error
    return probe


class Flight:
    """The probes of one direction: sent on one socket, read on the other."""

    def __init__(
        self, source: socket.socket, target: socket.socket, shape: Shape, engine: str = ""
    ) -> None:
        self.source, self.target, self.shape = source, target, shape
        room = target.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        burst = qdisc.tbf_burst(shape.rate) if engine == "tbf" else 0
        self.plan: Plan = plan(shape, room, burst=burst)
        self.token = os.urandom(8)
        self.wall = time() - monotonic()  # the kernel stamps by the wall clock
        self.sent: list[float] = []
        self.arrived: dict[int, float] = {}
        self.next_at = monotonic()
        self.is_blocked = False
        self.is_done = False

    def act(self, now: float) -> None:
        """Send what is due; find out whether all is over."""
        self.is_blocked = False
        count = len(self.sent)
        is_between = count in (self.plan.spaced, self.plan.spaced + self.plan.train)
        if count < self.plan.spaced:
            self._send(SMALL, now)
            self.next_at = now + self.plan.interval
        elif is_between and len(self.arrived) < count and now < self._given_up_at():
            # what is still on its way would stand before the train and spoil the measure
            self.next_at = self._given_up_at()
        elif count < self.plan.spaced + self.plan.train:
            self._send_train()
        else:
            self.is_done = True
            self.next_at = NEVER

    def _send_train(self) -> None:
        for _ in range(BATCH):
            if len(self.sent) == self.plan.spaced + self.plan.train:
                break
            if not self._send(self.plan.size, monotonic()):
                return
        self.next_at = monotonic()

    def _given_up_at(self) -> float:
        return self.sent[-1] + self.plan.longest + PATIENCE

    def _send(self, size: int, now: float) -> bool:
        number = len(self.sent)
        head = HEADER.pack(BROADCAST, SENDER, ETHERTYPE, *[self.token] * 2, *[number] * 3)
        try:
            self.source.send(head.ljust(size, b"\0"))
        except BlockingIOError:
            self.is_blocked = True  # the socket's own buffer is full: go on when there is room
            self.next_at = NEVER
            return False
        except OSError:
            pass  # sent into an interface that is down: a loss like any other
        self.sent.append(now)
        return True

    def read(self) -> None:
        """Take the frames that have arrived."""
        with suppress(OSError):
            for _ in range(BATCH):
                frame = self.target.recv(HEADER.size)
                _, _, _, token, again, *numbers = HEADER.unpack(frame)
                if self.token in (token, again):
                    self.arrived.setdefault(sorted(numbers)[1], self._arrival())
        if len(self.arrived) == len(self.sent) >= self.plan.spaced and not self.is_done:
            self.next_at = monotonic()  # nothing to wait for

    def _arrival(self) -> float:
        try:
            seconds, ns = struct.unpack("=qq", fcntl.ioctl(self.target, SIOCGSTAMPNS, bytes(16)))
        except OSError:
            return monotonic()
        return float(seconds + ns * 1e-9 - self.wall)

    def result(self) -> Measured:
        """What was seen."""
        spaced = range(self.plan.spaced)
        delays = [self.arrived[n] - self.sent[n] for n in spaced if n in self.arrived]
        train = range(self.plan.spaced, len(self.sent))
        arrivals = [self.arrived[n] for n in train if n in self.arrived]
        offered = self.sent[-1] - self.sent[self.plan.spaced] if self.plan.train else 0.0
        return self.plan.measured(self.shape, delays, arrivals, offered, len(self.arrived))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbedLink:
    """A link to measure: probe sockets at its two ends, what it declares, what carries it."""

    a: socket.socket
    b: socket.socket
    forward: Shape
    backward: Shape
    engine: str


def measure(links: Sequence[ProbedLink]) -> list[tuple[Measured, Measured]]:
    """Measure links at once: forward and backward of each. Returns in 0.15 s beyond their delay."""
    flights = []
    for link in links:
        flights.append(Flight(link.a, link.b, link.forward, link.engine))
        flights.append(Flight(link.b, link.a, link.backward, link.engine))
    run(flights)
    results = [flight.result() for flight in flights]
    return list(zip(results[::2], results[1::2], strict=True))


def run(flights: Sequence[Flight]) -> None:
    """Until every flight is done."""
    readers = {flight.target.fileno(): flight for flight in flights}
    writers = {flight.source.fileno(): flight for flight in flights}
    with closing(select.epoll()) as poller:
        for fd in readers:
            poller.register(fd, select.EPOLLIN)
        while not all(flight.is_done for flight in flights):
            wait = min(flight.next_at for flight in flights) - monotonic()
            select.select([poller], [], [], min(max(0.0, wait), PATIENCE))
            for fd, events in poller.poll(0):
                if events & ~select.EPOLLOUT:
                    readers[fd].read()
                if events & select.EPOLLOUT:
                    poller.modify(fd, select.EPOLLIN)
                    writers[fd].next_at = monotonic()
            now = monotonic()
            for flight in flights:
                if flight.next_at <= now:
                    flight.act(now)
                    if flight.is_blocked:
                        poller.modify(flight.source, select.EPOLLIN | select.EPOLLOUT)
