"""One end of a tunnel: run as a script on a host, carries what a tap or tun device sends over UDP.

`listen DEVICE MODE KEYFILE`: takes a free port, says which in the file `port`. `call DEVICE MODE
KEYFILE HOST PORT`: greets the one who listens. Both prove with the key that they belong together,
and that packets pass each way; then each makes the file `up`. No other sender is listened to.
Packets travel as they are: the key keeps strangers from adding some, it hides nothing.
"""

# runs with Python 3.6 on; pathlib and argparse would double the start
# ruff: noqa: PTH104, PTH107, PTH123, UP006, UP035

import fcntl
import hashlib
import hmac
import os
import select
import socket
import struct
import sys
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import Any, Deque, Dict, List, Tuple

TUNSETIFF = 0x400454CA
MODES = {"tun": 0x1, "tap": 0x2}
NO_PI = 0x1000
IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, DONT = 10, 23, 0
DATA, HELLO, WELCOME, CONFIRM, DONE = range(5)
HEADER, NONCE, MAC = 8, 16, 32
#: Larger than any packet of a device, and than any datagram.
ROOM = 65536 + HEADER
BATCH = 64
FIRST_PAUSE_S, LAST_PAUSE_S = 0.05, 1.0
BUFFER = 4 << 20
NEVER = float("inf")


class Gone(Exception):
    """The tunnel cannot go on; the text is one line."""


def open_device(name: str, mode: str) -> int:
    """A descriptor of a device that exists; raises Gone."""
    try:
        # the kernel would make one that is missing, and take it away with us
        socket.if_nametoindex(name)
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), MODES[mode] | NO_PI))
    except OSError as problem:
        raise Gone(f"cannot use {name}: {problem.strerror}") from problem
    return fd


def open_socket(port: int) -> socket.socket:
    """A UDP socket on *port* (0: a free one) for IPv6 and IPv4, or IPv4 alone; raises Gone."""
    for family, anywhere in ((socket.AF_INET6, "::"), (socket.AF_INET, "0.0.0.0")):
        try:
            made = socket.socket(family, socket.SOCK_DGRAM)
        except OSError:
            continue
        try:
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                made.setsockopt(socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER, DONT)
            # a packet that does not fit is sent in pieces instead of not at all
            made.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, DONT)
            for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                made.setsockopt(socket.SOL_SOCKET, option, BUFFER)
            made.bind((anywhere, port))
        except OSError as problem:
            made.close()
            if family == socket.AF_INET:
                raise Gone(f"cannot use UDP port {port}: {problem.strerror}") from problem
            continue
        made.setblocking(False)
        return made
    raise Gone("no UDP sockets here")


def publish(name: str, text: str) -> None:
    """Make a file that is whole as soon as it is there."""
    with open(name + ".part", "w") as file:
        file.write(text)
    os.rename(name + ".part", name)


class Bucket:
    """When how much may be sent: *rate* bytes a second, 0 for no limit."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.most = max(3000.0, rate / 50)
        self.level = self.most
        self.at = monotonic()

    def take(self, size: int) -> bool:
        """Whether *size* bytes may go now."""
        now = monotonic()
        self.level = min(self.most, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < min(size, self.most):
            return False
        self.level -= size
        return True

    def wait_s(self, size: int) -> float:
        """How long until *size* bytes may go."""
        return max(0.0, (min(size, self.most) - self.level) / self.rate)


class Handshake:
    """Proves to each side that the other has the key and gets its packets."""

    def __init__(self, key: bytes, calls: bool) -> None:
        self.key = key
        self.calls = calls
        self.session = hashlib.sha256(b"session" + key).digest()[: HEADER - 1]
        self.ours = os.urandom(NONCE)
        self.theirs = b""
        self.is_done = False

    def header(self, kind: int) -> bytes:
        """How a datagram of this tunnel begins."""
        return bytes((kind,)) + self.session

    def message(self, kind: int, body: bytes) -> bytes:
        """A signed datagram."""
        text = self.header(kind) + body
        return text + hmac.new(self.key, text, hashlib.sha256).digest()

    def request(self) -> bytes:
        """What the caller says until it is answered."""
        if self.theirs:
            return self.message(CONFIRM, self.theirs)
        return self.message(HELLO, self.ours)

    def answer(self, datagram: bytes) -> Tuple[bytes, bool]:
        """What to send back to who sent this (b"" for nothing), and whether it proved itself."""
        text, mac = datagram[:-MAC], datagram[-MAC:]
        if not hmac.compare_digest(mac, hmac.new(self.key, text, hashlib.sha256).digest()):
            return b"", False
        kind, body = text[0], text[HEADER:]
        if not self.calls:
            if kind == HELLO:
                return self.message(WELCOME, body + self.ours), False
            if kind == CONFIRM and body == self.ours:
                return self.message(DONE, self.ours), True
        elif kind == WELCOME and body[:NONCE] == self.ours:
            self.theirs = body[NONCE:]
            return self.request(), False
        elif kind == DONE and self.theirs and body == self.theirs:
            return b"", True
        return b"", False


class Tunnel:
    """Carries packets between a device and the other end."""

    def __init__(self, device: int, sock: socket.socket, shake: Handshake, limit: int, queue: int):
        self.device = device
        self.sock = sock
        self.shake = shake
        self.target = ("", 0)
        self.pause = FIRST_PAUSE_S
        self.call_at = 0.0 if shake.calls else NEVER
        self.header = shake.header(DATA)
        self.out = bytearray(ROOM)
        self.out[:HEADER] = self.header
        self.into = bytearray(ROOM)
        self.bucket = Bucket(limit)
        self.most_waiting = queue
        self.waiting: Deque[bytes] = deque()

    def run(self) -> None:
        """Until something breaks: raises Gone."""
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        is_up = False
        while True:
            if self.shake.is_done and not is_up:
                is_up = True
                poll.register(self.device, select.POLLIN)
            for fd, _ in poll.poll(self.wait_ms()):
                if fd == self.device:
                    self.send_packets()
                else:
                    self.take_datagrams()
            if self.call_at <= monotonic():
                self.call()
            if self.waiting:
                self.send_waiting()

    def wait_ms(self) -> float:
        """How long nothing is due by itself; -1 for ever."""
        until = self.call_at - monotonic()
        if self.waiting:
            until = min(until, self.bucket.wait_s(len(self.waiting[0])))
        return -1 if until == NEVER else max(0, int(until * 1000) + 1)

    def call(self) -> None:
        """Greet the one who listens; again and again, less and less often, until it answers."""
        host, port = self.target
        with suppress(OSError):
            flags = socket.AI_V4MAPPED if self.sock.family == socket.AF_INET6 else 0
            kind = socket.SOCK_DGRAM
            found = socket.getaddrinfo(host, port, self.sock.family, kind, 0, flags)
            for entry in found:
                self.sock.sendto(self.shake.request(), entry[4])
        self.call_at = monotonic() + self.pause
        self.pause = min(2 * self.pause, LAST_PAUSE_S)

    def take_datagrams(self) -> None:
        """From the other end into the device."""
        view = memoryview(self.into)
        for _ in range(BATCH):
            try:
                size, sender = self.sock.recvfrom_into(self.into)
            except BlockingIOError:
                return
            except OSError:
                # the other end is away for now: what was sent is lost, as on any path
                continue
            if self.into[:HEADER] == self.header:
                if self.shake.is_done:
                    self.put(view[HEADER:size])
            elif HEADER + MAC < size <= HEADER + 2 * NONCE + MAC:
                self.shake_hands(bytes(view[:size]), sender)

    def put(self, packet: memoryview) -> None:
        """Into the device; raises Gone."""
        try:
            os.write(self.device, packet)
        except BlockingIOError:
            pass
        except OSError as problem:
            # a device that is down refuses with EIO, a packet that makes no sense with EINVAL
            if problem.errno not in (5, 22, 105):
                raise Gone(f"the device is gone: {problem.strerror}") from problem

    def shake_hands(self, datagram: bytes, sender: Any) -> None:
        """A message of the handshake."""
        answer, is_proved = self.shake.answer(datagram)
        if answer:
            with suppress(OSError):
                self.sock.sendto(answer, sender)
        if is_proved and not self.shake.is_done:
            self.shake.is_done = True
            self.call_at = NEVER
            # from now on the kernel passes on nothing from anybody else
            self.sock.connect(sender)
            publish("up", f"{self.sock.getpeername()[0]}\n")

    def send_packets(self) -> None:
        """From the device to the other end."""
        room = memoryview(self.out)[HEADER:]
        for _ in range(BATCH):
            try:
                size = os.readv(self.device, [room])
            except BlockingIOError:
                return
            except OSError as problem:
                if problem.errno == 5:
                    return  # down
                raise Gone(f"the device is gone: {problem.strerror}") from problem
            if not self.bucket.rate:
                self.send(memoryview(self.out)[: HEADER + size])
            elif len(self.waiting) < self.most_waiting:
                self.waiting.append(bytes(self.out[: HEADER + size]))

    def send_waiting(self) -> None:
        """What the limit lets go now."""
        while self.waiting and self.bucket.take(len(self.waiting[0])):
            self.send(self.waiting.popleft())

    def send(self, datagram: Any) -> None:
        """One datagram; one that cannot leave now is lost, as on any path."""
        with suppress(OSError):
            self.sock.send(datagram)


def options_of(words: List[str]) -> Dict[str, int]:
    """--name NUMBER pairs."""
    return {name[2:]: int(value) for name, value in zip(words[::2], words[1::2])}  # noqa: B905


def main(argv: List[str]) -> None:
    """listen|call DEVICE MODE KEYFILE [HOST PORT] [--port N] [--limit N] [--queue N]."""
    role, name, mode, key_file = argv[:4]
    calls = role == "call"
    options = options_of(argv[6:] if calls else argv[4:])
    with open(key_file, "rb") as file:
        key = file.read()
    # it need not lie about any longer
    os.remove(key_file)
    device = open_device(name, mode)
    sock = open_socket(options.get("port", 0))
    shake = Handshake(key, calls)
    tunnel = Tunnel(device, sock, shake, options.get("limit", 0), options.get("queue", 1000))
    if calls:
        tunnel.target = argv[4], int(argv[5])
    publish("port", f"{sock.getsockname()[1]}\n")
    tunnel.run()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Gone as reason:
        sys.exit(str(reason))
