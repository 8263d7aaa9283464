"""Captures packets where tcpdump cannot: run as a script in a host of an ordinary user's lab.

tcpdump run by root insists on becoming another user, which a user namespace may forbid; it still
compiles the filter for us. We write what it would have written, and say on stderr what it says.
"""

import argparse
import ctypes
import os
import select
import signal
import socket
import struct
import subprocess
import sys
from contextlib import suppress

ETH_P_ALL = 0x0003
OUTGOING = 4
SO_TIMESTAMPNS, SO_ATTACH_FILTER, SO_RCVBUFFORCE = 35, 26, 33
SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_STATISTICS, PACKET_MR_PROMISC = 263, 1, 6, 1
LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL = 1, 113
MAGIC_NANOSECONDS = 0xA1B23C4D
BUFFER = 32 << 20

#: Interface, protocol, kind (to us, outgoing, ...), hardware type, hardware address of the sender.
Address = tuple[str, int, int, int, bytes]


def compile_filter(expression: str, *, cooked: bool) -> bytes:
    """The kernel's program for a filter expression; raises ValueError with tcpdump's words."""
    # without a link header a filter sees what begins with the IP header
    link = "RAW" if cooked else "EN10MB"
    done = subprocess.run(
        ["tcpdump", "-ddd", "-y", link, expression], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ValueError(done.stderr.strip() or "tcpdump does not understand the expression")
    lines = [line.split() for line in done.stdout.splitlines()[1:]]
    return b"".join(struct.pack("=HBBI", *map(int, line)) for line in lines)


def open_capture(options: argparse.Namespace) -> socket.socket:
    """A packet socket on which nothing waits that came before its filter was in place."""
    cooked = options.interface == "any"
    kind = socket.SOCK_DGRAM if cooked else socket.SOCK_RAW
    sock = socket.socket(socket.AF_PACKET, kind, socket.htons(ETH_P_ALL) if cooked else 0)
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    try:
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    if options.expression:
        program = compile_filter(options.expression, cooked=cooked)
        memory = ctypes.create_string_buffer(program)
        code = struct.pack("@HxxxxxxP", len(program) // 8, ctypes.addressof(memory))
        sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, code)
    if not cooked and options.promiscuous:
        index = socket.if_nametoindex(options.interface)
        request = struct.pack("@iHH8s", index, PACKET_MR_PROMISC, 0, b"")
        sock.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP, request)
    if cooked:
        with suppress(BlockingIOError):
            while True:
                sock.recv(1)
    else:
        sock.bind((options.interface, ETH_P_ALL))
    return sock


class Capture:
    """Writes packets to a file as they come, none of them kept in a buffer of ours."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.cooked = options.interface == "any"
        self.sock = open_capture(options)
        self.captured = 0
        link = LINKTYPE_LINUX_SLL if self.cooked else LINKTYPE_ETHERNET
        self.file = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.write(
            self.file, struct.pack("=IHHiIII", MAGIC_NANOSECONDS, 2, 4, 0, 0, options.snaplen, link)
        )

    def is_full(self) -> bool:
        """Whether as many packets were captured as were asked for."""
        count: int = self.options.count
        return 0 < count <= self.captured

    def drain(self) -> None:
        """Write all that has come."""
        while not self.is_full():
            try:
                data, ancillary, _, address = self.sock.recvmsg(65536, 64)
            except BlockingIOError:
                return
            if self.options.direction in ("in", "out"):
                is_out = address[2] == OUTGOING
                if is_out != (self.options.direction == "out"):
                    continue
            self.write(data, ancillary, address)

    def write(self, data: bytes, ancillary: list[tuple[int, int, bytes]], address: Address) -> None:
        """One record of the capture file."""
        if self.cooked:
            _, protocol, kind, hardware, sender = address
            header = struct.pack("!HHH8sH", kind, hardware, len(sender), sender[:8], protocol)
            data = header + data
        seconds, nanoseconds = struct.unpack("@qq", ancillary[0][2][:16])
        kept = data[: self.options.snaplen]
        head = struct.pack("=IIII", seconds, nanoseconds, len(kept), len(data))
        os.write(self.file, head + kept)
        self.captured += 1

    def summary(self) -> str:
        """What tcpdump says when it ends."""
        statistics = self.sock.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
        received, dropped = struct.unpack("@II", statistics)
        return (
            f"{self.captured} packets captured\n"
            f"{received} packets received by filter\n"
            f"{dropped} packets dropped by kernel\n"
        )


def run(options: argparse.Namespace) -> None:
    """Capture until a signal or the count; what had come by then is written."""
    wake, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    capture = Capture(options)
    sys.stderr.write(f"listening on {options.interface}\n")
    sys.stderr.flush()
    while not capture.is_full():
        readable, _, _ = select.select([wake, capture.sock.fileno()], [], [])
        capture.drain()
        if wake in readable:
            break
    sys.stderr.write(capture.summary())


def main(argv: list[str] | None = None) -> int:
    """The command line; status 1 and one line on stderr when nothing can be captured."""
    parser = argparse.ArgumentParser(prog="capture")
    parser.add_argument("file")
    parser.add_argument("--interface", default="any")
    parser.add_argument("--expression", default="")
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--snaplen", type=int, default=262144)
    parser.add_argument("--direction", choices=("in", "out", "inout"), default="inout")
    parser.add_argument("--no-promiscuous", dest="promiscuous", action="store_false")
    options = parser.parse_args(argv)
    try:
        run(options)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"capture: {options.interface}: {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
