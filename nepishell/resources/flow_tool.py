"""A UDP or TCP flow between two hosts, in the standard library alone: run as a script on them.

`flow_tool.py receive` writes one CSV line per flow and interval to stdout, and "listening" to
stderr as soon as it can receive; `flow_tool.py send` paces packets at a rate. Each UDP packet
carries its flow, its number and when it was sent: the receiver sees loss, reordering, duplicates
and one-way delay (which is true between machines only as far as their clocks agree).
"""

import argparse
import errno
import os
import secrets
import select
import selectors
import signal
import socket
import struct
import sys
import time

HEADER = struct.Struct("!4s?xxxQQQ")  # magic, is it the last one, flow, number, unix time in ns
MAGIC = b"npsf"
SENT = "time,flow,start,end,bytes,packets,throughput"
RECEIVED = "time,flow,start,end,bytes,packets,lost,reordered,duplicates,delay,jitter,throughput"
# the last packet says how many were sent; it is repeated, since it may be lost like any other
LAST_REPEATS, LAST_GAP_S = 5, 0.02
TCP_BLOCK = 65536
# what the network does with one packet shows as loss; it does not end the flow
PASSING = {
    errno.ECONNREFUSED, errno.ENOBUFS, errno.EAGAIN, errno.ENETDOWN, errno.ENETUNREACH,
    errno.EHOSTUNREACH, errno.EPERM,
}  # fmt: skip


class Stop:
    """SIGTERM and SIGINT as something that select() sees."""

    def __init__(self) -> None:
        self.fd, write_end = os.pipe()
        os.set_blocking(write_end, False)
        signal.set_wakeup_fd(write_end)
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: object) -> None:
        self.asked = True

    def sleep(self, seconds: float) -> None:
        """Until *seconds* passed or a stop was asked for."""
        if seconds > 0 and not self.asked:
            select.select([self.fd], [], [], seconds)


def say(line: str) -> None:
    """One line of CSV, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Sent:
    """The lines of a sender: what left it in each interval."""

    def __init__(self, interval: float) -> None:
        self.interval = interval
        self.start = time.monotonic()
        self.since = self.bytes = self.packets = 0.0
        say(SENT)

    def add(self, size: int) -> None:
        """Count a packet or block that was sent."""
        self.bytes += size
        self.packets += 1
        if time.monotonic() - self.start >= self.since + self.interval:
            self.line()

    def line(self) -> None:
        """Write what was sent since the last line; nothing when nothing was."""
        end = time.monotonic() - self.start
        if self.packets:
            rate = 8 * self.bytes / max(end - self.since, 1e-9)
            say(
                f"{time.time():.6f},1,{self.since:.6f},{end:.6f},"
                f"{self.bytes:.0f},{self.packets:.0f},{rate:.0f}"
            )
        self.since, self.bytes, self.packets = end, 0, 0


def send(options: argparse.Namespace, stop: Stop) -> None:
    """Send packets of *size* at *rate* until *count* or *duration* is reached, or a stop."""
    tcp = options.protocol == "tcp"
    kind = socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
    family, _, _, _, address = socket.getaddrinfo(options.target, options.port, type=kind)[0]
    with socket.socket(family, kind) as sock:
        if options.tos:
            level = (socket.IPPROTO_IPV6, socket.IPV6_TCLASS)
            sock.setsockopt(
                *(level if family == socket.AF_INET6 else (0, socket.IP_TOS)), options.tos
            )
        sock.settimeout(options.timeout)
        sock.connect(address)
        sock.setblocking(False)
        flow = secrets.randbits(63)
        body = bytes(options.size if tcp else options.size - HEADER.size)
        sent = Sent(options.interval)
        gap = 8 * options.size / options.rate if options.rate else 0.0
        number = 0
        while not stop.asked and not (options.count and number >= options.count):
            due = number * gap
            ahead = sent.start + due - time.monotonic()
            if options.duration and max(due, due - ahead) >= options.duration:
                break
            stop.sleep(ahead)
            if tcp:
                send_all(sock, body, stop)
            else:
                transmit(sock, HEADER.pack(MAGIC, False, flow, number, time.time_ns()) + body)
            number += 1
            sent.add(options.size)
        if tcp:
            finish_tcp(sock, stop)
        sent.line()
        if not tcp:
            finish_udp(sock, HEADER.pack(MAGIC, True, flow, number, time.time_ns()))


def transmit(sock: socket.socket, packet: bytes) -> None:
    """Send one datagram; what the network refuses is lost."""
    try:
        sock.send(packet)
    except BlockingIOError:
        select.select([], [sock], [], 1.0)
    except OSError as problem:
        if problem.errno not in PASSING:
            raise


def send_all(sock: socket.socket, body: bytes, stop: Stop) -> None:
    """Send a block over TCP; returns early when a stop was asked for."""
    rest = memoryview(body)
    while rest and not stop.asked:
        try:
            rest = rest[sock.send(rest) :]
        except BlockingIOError:
            select.select([stop.fd], [sock], [])


def finish_tcp(sock: socket.socket, stop: Stop) -> None:
    """Wait until the receiver has all that was sent and closes."""
    sock.shutdown(socket.SHUT_WR)
    if not stop.asked:
        select.select([stop.fd, sock.fileno()], [], [])


def finish_udp(sock: socket.socket, packet: bytes) -> None:
    """Tell the receiver how many were sent; also when a stop was asked for."""
    for _ in range(LAST_REPEATS):
        transmit(sock, packet)
        select.select([], [], [], LAST_GAP_S)


class Flow:
    """What a receiver knows of one flow, since its start and since its last line."""

    def __init__(self, index: int, now: float) -> None:
        self.index = index
        self.start = now
        self.since = 0.0
        self.expected = 0  # the number after the highest that came
        self.missing: set[int] = set()
        self.lost_before = 0
        self.last_delay: float | None = None
        self.jitter = 0.0
        self.over = False
        self._clear()

    def _clear(self) -> None:
        self.bytes = self.packets = self.reordered = self.duplicates = 0
        self.delay_sum = 0.0

    def take(self, size: int, number: int, delay: float) -> None:
        """Count a datagram; the smoothed jitter is RFC 3550's."""
        if number >= self.expected:
            self.missing.update(range(self.expected, number))
            self.expected = number + 1
        elif number in self.missing:
            self.missing.discard(number)
            self.reordered += 1
        else:
            self.duplicates += 1
            return
        self.bytes += size
        self.packets += 1
        self.delay_sum += delay
        if self.last_delay is not None:
            self.jitter += (abs(delay - self.last_delay) - self.jitter) / 16
        self.last_delay = delay

    def end(self, count: int) -> None:
        """The sender sent *count* packets and no more."""
        self.missing.update(range(self.expected, count))
        self.expected = max(self.expected, count)
        self.over = True

    def line(self, now: float) -> None:
        """Write what came since the last line."""
        end = now - self.start
        lost = len(self.missing) - self.lost_before
        self.lost_before += lost
        timed = self.last_delay is not None and self.packets
        times = f"{self.delay_sum / self.packets:.9f},{self.jitter:.9f}" if timed else ","
        rate = 8 * self.bytes / max(end - self.since, 1e-9)
        say(
            f"{time.time():.6f},{self.index},{self.since:.6f},{end:.6f},{self.bytes},"
            f"{self.packets},{lost},{self.reordered},{self.duplicates},{times},{rate:.0f}"
        )
        self.since = end
        self._clear()


class Receiver:
    """Takes flows until a stop, or until as many flows as were asked for are over."""

    def __init__(self, options: argparse.Namespace, stop: Stop) -> None:
        self.options, self.stop = options, stop
        self.flows: dict[int, Flow] = {}
        self.seen = 0
        self.ended: set[int] = set()
        self.selector = selectors.DefaultSelector()
        self.selector.register(stop.fd, selectors.EVENT_READ)

    def run(self) -> None:
        """Receive; a line for each running flow at the end of each interval."""
        tcp = self.options.protocol == "tcp"
        sock = listen(socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM, self.options.port)
        self.selector.register(sock, selectors.EVENT_READ, self.accept if tcp else self.datagrams)
        say(RECEIVED)
        sys.stderr.write(f"listening on {self.options.protocol} port {self.options.port}\n")
        sys.stderr.flush()
        due = 0.0
        while not self.stop.asked and not 0 < self.options.flows <= len(self.ended):
            now = time.monotonic()
            if not self.flows:
                due = 0.0
            elif due <= now:
                if due:
                    self.lines(now)
                due = now + self.options.interval
            for key, _ in self.selector.select(due - now if self.flows else None):
                if key.data:
                    key.data(key.fileobj)
        self.lines(time.monotonic())

    def lines(self, now: float) -> None:
        """One line for each flow that is not over."""
        for flow in self.flows.values():
            flow.line(now)

    def begin(self, key: int) -> Flow:
        """A flow that was not there before."""
        self.seen += 1
        self.flows[key] = Flow(self.seen, time.monotonic())
        return self.flows[key]

    def finish(self, key: int) -> None:
        """A flow that is over has its last line."""
        self.flows.pop(key).line(time.monotonic())
        self.ended.add(key)

    def datagrams(self, sock: socket.socket) -> None:
        """All datagrams that wait."""
        while True:
            try:
                data = sock.recv(65536)
            except BlockingIOError:
                return
            if len(data) < HEADER.size or not data.startswith(MAGIC):
                continue
            _, last, key, number, stamp = HEADER.unpack_from(data)
            if key in self.ended:
                continue
            flow = self.flows.get(key) or self.begin(key)
            if last:
                flow.end(number)
                self.finish(key)
                return
            flow.take(len(data), number, (time.time_ns() - stamp) / 1e9)

    def accept(self, sock: socket.socket) -> None:
        """A TCP flow is a connection."""
        connection, _ = sock.accept()
        connection.setblocking(False)
        self.seen += 1
        self.flows[connection.fileno()] = Flow(self.seen, time.monotonic())
        self.selector.register(connection, selectors.EVENT_READ, self.stream)

    def stream(self, connection: socket.socket) -> None:
        """What waits on a TCP connection; its end is the end of the flow."""
        flow = self.flows[connection.fileno()]
        try:
            data = connection.recv(1 << 20)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if data:
            flow.bytes += len(data)
            flow.packets += 1
            return
        flow.line(time.monotonic())
        del self.flows[connection.fileno()]
        self.ended.add(-flow.index)
        self.selector.unregister(connection)
        connection.close()


def listen(kind: socket.SocketKind, port: int) -> socket.socket:
    """A socket for both IP versions, or for IPv4 where there is no IPv6."""
    try:
        sock = socket.socket(socket.AF_INET6, kind)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        host = "::"
    except OSError:
        sock, host = socket.socket(socket.AF_INET, kind), ""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    if kind is socket.SOCK_STREAM:
        sock.listen()
    else:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.setblocking(False)
    return sock


def main(argv: list[str] | None = None) -> int:
    """The command line; status 1 and one line on stderr when the flow could not run."""
    parser = argparse.ArgumentParser(prog="flow")
    parser.add_argument("role", choices=("send", "receive"))
    parser.add_argument("target", nargs="?", default="")
    parser.add_argument("--protocol", choices=("udp", "tcp"), default="udp")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--interval", type=float, default=1.0, help="seconds between lines")
    parser.add_argument("--size", type=int, default=1200, help="bytes of a packet or block")
    parser.add_argument("--rate", type=float, default=0.0, help="bit/s, 0: as fast as possible")
    parser.add_argument("--duration", type=float, default=0.0, help="seconds, 0: no end")
    parser.add_argument("--count", type=int, default=0, help="packets or blocks, 0: no end")
    parser.add_argument("--flows", type=int, default=0, help="end after so many, 0: no end")
    parser.add_argument("--tos", type=int, default=0)
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds for a connection")
    options = parser.parse_args(argv)
    stop = Stop()
    try:
        if options.role == "send":
            send(options, stop)
        else:
            Receiver(options, stop).run()
    except OSError as problem:
        sys.stderr.write(f"flow: {options.target or 'receiver'}: {problem.strerror or problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
