"""Messages for the kernel's rtnetlink, packed by hand and sent many at a time.

A request carries a description; when the kernel refuses one, the error names it. Only the last
request of a batch asks for an acknowledgement (errors always come), so a batch costs two system
calls whatever its length. Built in messages.py; this file knows framing, not meaning.
"""

import os
import socket
import struct
from collections.abc import Sequence
from typing import NamedTuple

REQUEST, ACK, ECHO = 0x1, 0x4, 0x8
ROOT, REPLACE, EXCL, CREATE, APPEND = 0x100, 0x100, 0x200, 0x400, 0x800

_BATCH = 64
_HEADER = struct.Struct("=LHHLL")
_ATTR = struct.Struct("=HH")
_PAD = (b"", b"\0", b"\0\0", b"\0\0\0")
_ERROR, _DONE = 2, 3
_CAPPED, _HAS_TLVS, _MESSAGE = 0x100, 0x200, 1
_SOL_NETLINK, _CAP_ACK, _EXT_ACK = 270, 10, 11


class NetlinkError(OSError):
    """The kernel refused a request; the text says which and why."""

    def __init__(self, number: int, what: str, why: str) -> None:
        super().__init__(number, why)
        self.what = what
        self.why = why

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


class Message(NamedTuple):
    """One request: type, flags beside REQUEST, family header with attributes, what it is for."""

    kind: int
    flags: int
    body: bytes
    what: str


def attr(kind: int, payload: bytes) -> bytes:
    """One attribute, padded to 4 bytes."""
    size = len(payload)
    return _ATTR.pack(size + 4, kind) + payload + _PAD[-size & 3]


def attr_u32(kind: int, value: int) -> bytes:
    return struct.pack("=HHL", 8, kind, value)


def attr_u8(kind: int, value: int) -> bytes:
    return struct.pack("=HHB3x", 5, kind, value)


def attr_text(kind: int, text: str) -> bytes:
    return attr(kind, text.encode() + b"\0")


def attributes(payload: bytes) -> dict[int, bytes]:
    """The attributes in *payload*; of a repeated one the last."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(payload):
        size, kind = _ATTR.unpack_from(payload, at)
        if size < 4:
            break
        found[kind & 0x3FFF] = payload[at + 4 : at + size]
        at += (size + 3) & ~3
    return found


class Socket:
    """A route netlink socket of the network namespace in which it was opened. One thread only."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self._socket.bind((0, 0))
        self._socket.setsockopt(_SOL_NETLINK, _CAP_ACK, 1)
        self._socket.setsockopt(_SOL_NETLINK, _EXT_ACK, 1)
        self._seq = 0

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def send(self, messages: Sequence[Message]) -> None:
        """Have the kernel do all of *messages* in order.

        Raises NetlinkError for the first refused one; those after it in the same 64 were done.
        """
        for at in range(0, len(messages), _BATCH):
            self._send_batch(messages[at : at + _BATCH])

    def _send_batch(self, batch: Sequence[Message]) -> None:
        first = self._seq + 1
        parts: list[bytes] = []
        for message in batch:
            self._seq += 1
            flags = message.flags | REQUEST
            if message is batch[-1]:
                flags |= ACK
            size = _HEADER.size + len(message.body)
            parts += (
                _HEADER.pack(size, message.kind, flags, self._seq, 0),
                message.body,
                _PAD[-size & 3],
            )
        self._socket.send(b"".join(parts))
        refused = self._first_error(self._seq)
        if refused is not None:
            seq, number, why = refused
            raise NetlinkError(number, batch[seq - first].what, why)

    def _first_error(self, last: int) -> tuple[int, int, str] | None:
        """Read until the answer to request *last*; (sequence, errno, why) of the first refusal."""
        refused: tuple[int, int, str] | None = None
        answered = 0
        while answered != last:
            for kind, flags, answered, body in _messages(self._socket.recv(65536)):
                if kind != _ERROR:
                    continue
                number = -struct.unpack_from("=l", body)[0]
                if number and refused is None:
                    refused = answered, number, _reason(number, flags, body)
        return refused

    def ask(self, message: Message) -> bytes:
        """The body of the one message that answers *message*."""
        self._seq += 1
        size = _HEADER.size + len(message.body)
        head = _HEADER.pack(size, message.kind, message.flags | REQUEST, self._seq, 0)
        self._socket.send(head + message.body)
        while True:
            for kind, flags, seq, body in _messages(self._socket.recv(65536)):
                if seq != self._seq:
                    continue
                if kind != _ERROR:
                    return body
                number = -struct.unpack_from("=l", body)[0]
                raise NetlinkError(number, message.what, _reason(number, flags, body))


def _messages(data: bytes) -> list[tuple[int, int, int, bytes]]:
    """(type, flags, sequence, body) of each message in *data*."""
    found = []
    at = 0
    while at + _HEADER.size <= len(data):
        size, kind, flags, seq, _ = _HEADER.unpack_from(data, at)
        if kind != _DONE:
            found.append((kind, flags, seq, data[at + _HEADER.size : at + size]))
        at += (size + 3) & ~3
    return found


def _reason(number: int, flags: int, body: bytes) -> str:
    """The kernel's own words where it sent some, else those of the errno."""
    if flags & _HAS_TLVS:
        at = 20 if flags & _CAPPED else 4 + struct.unpack_from("=L", body, 4)[0]
        text = attributes(body[at:]).get(_MESSAGE)
        if text:
            return text.rstrip(b"\0").decode(errors="replace")
    return os.strerror(number)
