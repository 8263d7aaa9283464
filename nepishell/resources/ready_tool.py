"""Waits until something is ready, and ends: run as a script on the host where it happens.

`log PATTERN FILE...`: a line of one of the files matches. `file PATH`: the file exists. `port N`
and `udp N`: somebody listens there. `drained PID FILE`: tcpdump wrote all packets that had come.
Status 0: it is so; 3: the time ran out. Files are watched, not read again and again; for ports the
kernel tells nobody, so its table is looked at with growing pauses.
"""

# importing pathlib would double the time that this takes to begin watching
# ruff: noqa: PTH100, PTH110, PTH120, PTH123

import ctypes
import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

TIMED_OUT = 3
IN_MODIFY, IN_MOVED_TO, IN_CREATE = 0x2, 0x80, 0x100
FIRST_PAUSE_S, LAST_PAUSE_S = 0.002, 0.05
LISTEN, UNCONNECTED = "0A", "07"


class Watch:
    """Tells when files in some directories are made or grow."""

    def __init__(self, directories: Iterable[str]) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        for directory in set(directories):
            mask = IN_MODIFY | IN_MOVED_TO | IN_CREATE
            if libc.inotify_add_watch(self.fd, os.fsencode(directory), mask) < 0:
                code = ctypes.get_errno()
                raise OSError(code, os.strerror(code), directory)

    def wait(self, until: float) -> None:
        """Until something changed, or the time is *until*."""
        select.select([self.fd], [], [], max(0.0, until - time.monotonic()))
        with suppress(BlockingIOError):
            os.read(self.fd, 65536)


def until_true(check: Callable[[], bool], directories: Iterable[str], until: float) -> bool:
    """Whether *check* came true; it is asked again whenever a file changed."""
    watch = Watch(directories)
    while not check():
        if time.monotonic() >= until:
            return False
        watch.wait(until)
    return True


def log_check(pattern: str, paths: list[str]) -> Callable[[], bool]:
    """Whether a line that was written so far matches."""
    wanted = re.compile(pattern, re.MULTILINE)

    def check() -> bool:
        return any(wanted.search(text_of(path)) for path in paths)

    return check


def text_of(path: str) -> str:
    """What is in a file; '' when there is none."""
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def listens(kind: str, port: int) -> bool:
    """Whether a socket of this host's network namespace listens on *port*."""
    state = LISTEN if kind == "tcp" else UNCONNECTED
    for table in (kind, f"{kind}6"):
        for line in text_of(f"/proc/self/net/{table}").splitlines()[1:]:
            fields = line.split()
            if fields[3] == state and int(fields[1].rpartition(":")[2], 16) == port:
                return True
    return False


def until_listening(kind: str, port: int, until: float) -> bool:
    """Whether somebody came to listen."""
    pause = FIRST_PAUSE_S
    while not listens(kind, port):
        if time.monotonic() >= until:
            return False
        time.sleep(pause)
        pause = min(2 * pause, LAST_PAUSE_S)
    return True


def until_drained(pid: int, path: str, until: float) -> bool:
    """Whether tcpdump has written as many packets as it had received when we first asked it.

    On SIGUSR1 it says both numbers on stderr, *path*.
    """
    asked = text_of(path).count("packets captured")
    watch = Watch([os.path.dirname(path)])
    goal = None
    while time.monotonic() < until:
        os.kill(pid, signal.SIGUSR1)
        asked += 1
        while len(counts := numbers(text_of(path))) < asked and time.monotonic() < until:
            watch.wait(until)
        if len(counts) < asked:
            return False
        captured, received = counts[-1]
        goal = received if goal is None else goal
        if captured >= goal:
            return True
    return False


def numbers(text: str) -> list[tuple[int, int]]:
    """(captured, received) each time that tcpdump said so completely."""
    found = re.findall(
        r"(\d+) packets? captured.*?(\d+) packets? received.*?dropped by kernel", text, re.DOTALL
    )
    return [(int(captured), int(received)) for captured, received in found]


def main(argv: list[str]) -> int:
    """timeout, kind, value, paths."""
    until = time.monotonic() + float(argv[0])
    kind, value, paths = argv[1], argv[2], argv[3:]
    if kind == "log":
        ready = until_true(log_check(value, paths), map(os.path.dirname, paths), until)
    elif kind == "file":
        path = os.path.abspath(value)
        ready = until_true(lambda: os.path.exists(path), [os.path.dirname(path)], until)
    elif kind == "drained":
        with suppress(ProcessLookupError):
            ready = until_drained(int(value), paths[0], until)
            return 0 if ready else TIMED_OUT
        return 0
    else:
        ready = until_listening("udp" if kind == "udp" else "tcp", int(value), until)
    return 0 if ready else TIMED_OUT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
