"""The contract of a place to run things. Every module in this room passes the same tests.

Commands are argv lists; nothing here hands text to a shell. A spawned process leads its own
session, writes stdout, stderr and exit status into its run directory and outlives the controller;
its end is told by a callback, never found by asking again and again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

#: Files that spawn() leaves in the run directory.
STDOUT, STDERR, EXIT_STATUS = "stdout", "stderr", "exitcode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A short command that ended: exit status (negative: killed by that signal), output as text."""

    argv: tuple[str, ...]
    status: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How a spawned process ended: *status* as of a shell (128 + n: killed by signal n)."""

    status: int
    at: float  # seconds on the monotonic clock, as seen where the process ran


@runtime_checkable
class Process(Protocol):
    """A spawned process. (pid, start_time) identify it on its host as long as the host is up."""

    @property
    def pid(self) -> int: ...

    @property
    def start_time(self) -> int:
        """Clock ticks after boot (field 22 of /proc/pid/stat)."""

    @property
    def run_dir(self) -> Path: ...

    @property
    def exit(self) -> Exit | None:
        """None while it runs."""

    def signal(self, signum: int) -> None:
        """Send a signal to the whole session of the process; silent when it has ended."""

    def stop(self, grace_s: float = 5.0) -> None:
        """TERM, then KILL after *grace_s* seconds; returns at once, on_exit tells the end."""


OnExit = Callable[[Exit], None]
#: Told (bytes done, bytes in all) while files are copied; what it raises ends the copy.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether a host can be reached, *since* when (monotonic clock), and why not."""

    up: bool
    since: float
    why: str = ""


OnReach = Callable[[Reach], None]


@runtime_checkable
class Terminal(Protocol):
    """A program on a terminal of its own, which controls its session; one thread uses it."""

    def fileno(self) -> int:
        """For select(): readable when read() would not block."""

    def read(self) -> bytes:
        """What the program wrote since, as bytes of a terminal; b"" when it has ended."""

    def write(self, data: bytes) -> None:
        """Type *data*; silent when the program has ended."""

    def resize(self, rows: int, cols: int) -> None:
        """Tell the program that its window has this size now."""

    def close(self) -> int:
        """End the program if it has not ended; its exit status, as of a shell. Idempotent."""


@runtime_checkable
class Host(Protocol):
    """Where commands run. All methods block, are safe from any thread, and raise HostError.

    It is Unreachable where the connection is lost: what was asked may or may not have been done.
    """

    @property
    def name(self) -> str: ...

    @property
    def home(self) -> Path:
        """The home directory of whoever commands run as."""

    @property
    def reach(self) -> Reach: ...

    def on_reach(self, callback: OnReach) -> Callable[[], None]:
        """Call *callback* at each change, from a thread of the host; the result stops that."""

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        timeout_s: float | None = 30.0,
    ) -> Completed:
        """Run a short command to its end. A status other than 0 is data, not an error."""

    def spawn(
        self,
        argv: Sequence[str],
        *,
        run_dir: Path,
        env: Mapping[str, str] | None = None,
        stdin: Path | None = None,
        on_exit: OnExit | None = None,
    ) -> Process:
        """Start a long command in *run_dir* (made if missing); its files appear there.

        *env* is added to the environment. *on_exit* is called once, from the watcher's thread.
        """

    def terminal(
        self,
        argv: Sequence[str],
        *,
        rows: int,
        cols: int,
        env: Mapping[str, str] | None = None,
    ) -> Terminal:
        """Start an interactive command on a new terminal of that size; close what is returned.

        *env* is added to the environment: TERM should be the user's.
        """

    def adopt(self, run_dir: Path, on_exit: OnExit | None = None) -> Process | None:
        """What runs in *run_dir* since an earlier controller started it; None when it has ended.

        Its files tell how it ended then. Where nothing outlives a controller: always None.
        """

    def read(self, path: Path, offset: int = 0, size: int = -1) -> bytes:
        """Bytes of a file from *offset*; all that is there when *size* is -1."""

    def size(self, path: Path) -> int:
        """Length of a file in bytes; 0 when it does not exist."""

    def follow(
        self, path: Path, offset: int, on_data: Callable[[bytes], None]
    ) -> Callable[[], None]:
        """Hand over the bytes from *offset* on, and those that are appended; the result stops it.

        The file may come later, its folder must be there. A file that became shorter is read from
        its start. *on_data* is called from the watcher's thread, perhaps once more after the stop.
        """

    def write(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        """Make or replace a file; a reader sees the old one or the new one. Parents are made."""

    def put(self, source: Path, target: Path, progress: Progress | None = None) -> None:
        """Copy a file to the host, permissions included."""

    def put_all(self, files: Mapping[Path, Path], progress: Progress | None = None) -> None:
        """Copy many: target on the host -> local file, or folder with all that is in it.

        Permissions are kept, parents made; what else is in a folder there stays.
        """

    def get(
        self, source: Path, target: Path, *, offset: int = 0, progress: Progress | None = None
    ) -> None:
        """Copy a file from the host; with *offset*, go on at that byte of both."""

    def checksums(self, paths: Sequence[Path]) -> dict[Path, str]:
        """sha256, as hexadecimal digits, of those that are files there."""

    def remove(self, path: Path) -> None:
        """Remove a file or a folder with all that is in it; silent when there is none."""

    def mkdir(self, path: Path) -> None:
        """Make a directory and its parents; silent when it exists."""

    def close(self) -> None:
        """End what this host still runs for us and give back what it holds; idempotent."""
