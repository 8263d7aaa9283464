"""What goes over the socket: one JSON object per line, each way; descriptors of a terminal beside.

Bounds, so that nobody who may connect can make us grow: a line of MAX_LINE bytes, nesting as deep
as Python's own reader goes, WAITING requests of one connection, MOST_UNSENT bytes of events.
"""

import array
import json
import os
import socket
from collections.abc import Mapping
from typing import Any

from nepishell.core.errors import NepishellError
from nepishell.lang.errors import LangError

#: Bytes of one request.
MAX_LINE = 1 << 20
#: Requests of one connection that wait for their turn; it is not read from meanwhile.
WAITING = 64
#: Bytes of events that wait for a reader; more are left out, and counted.
MOST_UNSENT = 4 << 20
#: Connections at once.
MOST_CONNECTIONS = 64
#: Descriptors that come with a terminal.
TERMINAL_FDS = 2
_CHUNK = 1 << 16


class BadRequest(NepishellError):
    """A line that is no request; the connection lives on."""


class TooLong(BadRequest):
    """A line without an end: where the next begins is not known, so the connection is closed."""


class Lines:
    """Whole lines of what comes in, and descriptors that came beside it."""

    def __init__(self) -> None:
        self._rest = bytearray()
        #: descriptors that nobody has taken yet; close() closes them
        self.descriptors: list[int] = []

    def receive(self, connection: socket.socket) -> list[bytes] | None:
        """What has come; None at the end. Raises TooLong, BlockingIOError, OSError."""
        room = socket.CMSG_SPACE(TERMINAL_FDS * array.array("i").itemsize)
        data, ancillary, _, _ = connection.recvmsg(_CHUNK, room, socket.MSG_CMSG_CLOEXEC)
        self._keep(ancillary)
        if not data:
            return None
        self._rest += data
        *lines, rest = self._rest.split(b"\n")
        if len(rest) > MAX_LINE or any(len(line) > MAX_LINE for line in lines):
            raise TooLong(f"a request is at most {MAX_LINE >> 20} MiB long, newline included")
        self._rest = rest
        return [bytes(line) for line in lines]

    def _keep(self, ancillary: list[tuple[int, int, bytes]]) -> None:
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                found = array.array("i")
                found.frombytes(data[: len(data) - len(data) % found.itemsize])
                self.descriptors += found
        # only those that come with one request can be meant
        while len(self.descriptors) > TERMINAL_FDS:
            os.close(self.descriptors.pop(0))

    def take(self) -> list[int]:
        """The descriptors that came; the caller's to close."""
        found, self.descriptors = self.descriptors, []
        return found

    def close(self) -> None:
        """Close what nobody took."""
        for fd in self.take():
            os.close(fd)


def send_terminal(connection: socket.socket, line: bytes, source: int, target: int) -> None:
    """Send *line* with the descriptors of a terminal beside it."""
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [source, target]))
    sent = connection.sendmsg([line], [rights])
    connection.sendall(line[sent:])


def decode(line: bytes) -> dict[str, Any]:
    """The request that a line is; raises BadRequest."""
    try:
        found = json.loads(line.decode())
    except UnicodeDecodeError as problem:
        raise BadRequest(f"a request is text in UTF-8; byte {problem.start} is not") from None
    except RecursionError:
        raise BadRequest("a request holds texts and numbers, and nothing nested so deep") from None
    except json.JSONDecodeError as problem:
        raise BadRequest(f"a request is one JSON object per line: {_where(problem)}") from None
    except ValueError:
        raise BadRequest("a number in a request is too long to be one") from None
    if not isinstance(found, dict):
        raise BadRequest(f"a request is a JSON object, not {_kind(found)}")
    return found


def _where(problem: json.JSONDecodeError) -> str:
    return f"{problem.msg[:1].lower()}{problem.msg[1:]} at column {problem.pos + 1}"


def _kind(found: object) -> str:
    names = {list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(found), "a number")


def encode(message: Mapping[str, Any]) -> bytes:
    """A message as its line. What is no Unicode is replaced: the line is read by others."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"


def error_of(problem: BaseException) -> dict[str, Any]:
    """A problem as the answer tells it: what, and where in the line."""
    if isinstance(problem, LangError):
        return {"message": problem.message, "column": problem.column, "length": problem.length}
    return {"message": str(problem)}
