"""The socket of a run that is served: in its own directory, for its owner alone.

Whoever connects is greeted with one line of JSON that says whose run it is and who is there.
"""

import json
import os
import socket
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from nepishell.core.errors import NepishellError

#: Its name in the directory of the run.
SOCKET = "control"
#: Of what is said there.
PROTOCOL = 1
#: Seconds for a greeting: a controller that is alive gives it at once, however busy it is.
PATIENCE_S = 5.0
#: Connections that wait to be accepted.
_BACKLOG = 16
_MOST_GREETING = 1 << 16


class NotServed(NepishellError):
    """Nobody answers there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a served run says of itself. *attached*: terminals; *driver*: who drives, ''."""

    run: str
    exp: str
    pid: int
    name: str = ""
    attached: int = 0
    driver: str = ""

    @classmethod
    def read(cls, line: bytes) -> Self:
        """From what was received; raises NotServed when that is no greeting."""
        try:
            found = json.loads(line)
            told = found["run"], found["exp"], found["pid"], found["name"], found["driver"]
            run, exp, pid, name, driver = told
            return cls(run=str(run), exp=str(exp), pid=int(pid), name=str(name),
                       attached=int(found["attached"]), driver=str(driver))  # fmt: skip
        except (ValueError, KeyError, TypeError, RecursionError):
            why = _refusal(line) or "what answers there is no nepishell"
            raise NotServed(why) from None


def _refusal(line: bytes) -> str:
    try:
        return str(json.loads(line)["error"]["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def listen(run_dir: Path) -> socket.socket:
    """A socket at which the run is served from now on; raises NepishellError.

    Only who holds the journal of the run calls this: what an earlier controller left is replaced.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        run_dir.chmod(0o700)
        with _named(run_dir) as name:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            # others cannot come so far: the directory is the owner's alone
            made.bind(name)
            Path(name).chmod(0o600)
        made.listen(_BACKLOG)
    except OSError as problem:
        made.close()
        why = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{run_dir / SOCKET}: cannot be served: {why}") from None
    made.setblocking(False)
    return made


def close(run_dir: Path, listening: socket.socket) -> None:
    """Serve the run no more."""
    listening.close()
    with suppress(OSError):
        (run_dir / SOCKET).unlink()


def knock(run_dir: Path, patience_s: float = PATIENCE_S) -> tuple[socket.socket, Greeting]:
    """A connection to a run that is served, and its greeting; raises NotServed."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.settimeout(patience_s)
    try:
        with _named(run_dir) as name:
            made.connect(name)
        greeting = Greeting.read(_line(made))
    except (OSError, NotServed) as problem:
        made.close()
        if isinstance(problem, NotServed):
            raise
        raise NotServed(_why_not(run_dir, problem)) from None
    made.settimeout(None)
    return made, greeting


def greeting_of(run_dir: Path) -> Greeting | None:
    """What a served run says of itself; None for one that is not served."""
    if not is_socket(run_dir / SOCKET):
        return None
    try:
        made, greeting = knock(run_dir, 1.0)
    except NotServed:
        return None
    made.close()
    return greeting


def is_socket(path: Path) -> bool:
    """Whether a socket stands there."""
    with suppress(OSError):
        return stat.S_ISSOCK(path.lstat().st_mode)
    return False


def is_ours(connection: socket.socket) -> bool:
    """Whether who connected runs as the same user as we do."""
    size = struct.calcsize("3i")
    credentials: Any = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    _, uid, _ = struct.unpack("3i", credentials)
    return bool(uid == os.geteuid())


def _why_not(run_dir: Path, problem: OSError) -> str:
    if isinstance(problem, FileNotFoundError | ConnectionRefusedError):
        return f"run {run_dir.name} is not served: nothing listens at {run_dir / SOCKET}"
    if isinstance(problem, TimeoutError):
        return f"run {run_dir.name} does not answer at {run_dir / SOCKET}"
    why = (problem.strerror or str(problem)).lower()
    return f"{run_dir / SOCKET}: cannot be reached: {why}"


def _line(connection: socket.socket) -> bytes:
    """The first line, and nothing behind it."""
    found = b""
    while not found.endswith(b"\n") and len(found) < _MOST_GREETING:
        # nothing else is sent before we ask for it, so no byte of another line can be lost
        data = connection.recv(4096)
        if not data:
            break
        found += data
    return found


@contextmanager
def _named(run_dir: Path) -> Iterator[str]:
    """A name of the socket that is short enough for one, however deep its directory is."""
    folder = os.open(run_dir, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{SOCKET}"
    finally:
        os.close(folder)
