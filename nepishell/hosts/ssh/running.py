"""Long commands of one host, and the files that are followed there, across lost connections."""

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shlex import quote
from signal import SIGCONT, SIGKILL, SIGTERM
from time import monotonic

from nepishell.core.errors import HostError, Unreachable
from nepishell.hosts.base import EXIT_STATUS, OnExit
from nepishell.hosts.process import SpawnedProcess
from nepishell.hosts.ssh.asking import Asker
from nepishell.hosts.ssh.frames import Frame
from nepishell.hosts.ssh.lasting import LastingShell
from nepishell.hosts.ssh.script import encoded, exports, line

_START_TIMEOUT_S = 30.0
#: In the run directory: pid, start time, and pid of the waiter, for who takes over.
PID_FILE = ".pid"
#: The status of a process of which nobody knows how it ended: its host was started anew.
LOST_STATUS = 255
OnData = Callable[[bytes], None]


class _Follow:
    """A file whose end is handed over."""

    def __init__(self, path: Path, offset: int, on_data: OnData) -> None:
        self.path = path
        self.offset = offset
        self.on_data = on_data
        self.skip = 0

    def take(self, data: bytes) -> None:
        """What came."""
        skipped = min(self.skip, len(data))
        self.skip -= skipped
        if data := data[skipped:]:
            self.offset += len(data)
            self.on_data(data)

    def line(self, number: int) -> bytes:
        """What begins it at the other end."""
        return encoded(line("_np_follow", number, self.path, self.offset + 1) + " &")


class Running:
    """Told of frames by the shell's thread, asked by any other."""

    def __init__(self, asker: Asker, shell: LastingShell) -> None:
        self._asker = asker
        self._shell = shell
        self._lock = threading.Lock()
        self._processes: dict[int, SpawnedProcess] = {}
        self._waiters: dict[int, str] = {}
        self._unwanted: list[int] = []
        self._follows: dict[int, _Follow] = {}

    # -- long commands ----------------------------------------------------------------------------

    def spawn(
        self,
        argv: Sequence[str],
        run_dir: Path,
        env: Mapping[str, str],
        stdin: Path | None,
        on_exit: OnExit | None,
    ) -> SpawnedProcess:
        """Start *argv*; raises HostError."""
        self._shell.prepare()
        number = self._asker.number()
        process = SpawnedProcess(number, run_dir, self, on_exit)
        setting = exports(env) + f"export {self._asker.mark(number)}"
        text = line("_np_spawn", number, run_dir, stdin or "/dev/null", setting, *argv) + " &"

        def begun(frame: Frame) -> None:
            # on the shell's thread: its end may be the next frame
            if frame.kind == "S":
                process.started(int(frame.words[1]), int(frame.words[2]))
                with self._lock:
                    self._processes[number] = process
                    self._waiters[number] = frame.words[3]

        try:
            self._asker.start(number, encoded(text) + b" jobs >/dev/null", begun, _START_TIMEOUT_S)
        except Unreachable:
            # it may have started: nobody will know of it
            with self._lock:
                self._unwanted.append(number)
            raise
        return process

    def adopt(self, run_dir: Path, on_exit: OnExit | None) -> SpawnedProcess | None:
        """What runs in *run_dir* since an earlier connection of another program; None: nothing."""
        words = self._asker.ask(f"cat {quote(str(run_dir / PID_FILE))}").out.decode().split()
        if len(words) != 3 or not all(word.isdecimal() for word in words):
            return None
        pid, start_time, waiter = words
        ended = self._asker.ask(line("_np_check", 0, pid, start_time, run_dir, waiter)).out
        if ended:
            return None
        process = SpawnedProcess(self._asker.number(), run_dir, self, on_exit)
        process.started(int(pid), int(start_time))
        with self._lock:
            self._processes[process.token] = process
            self._waiters[process.token] = waiter
        # its waiter rings a bell that nobody hears any more, but writes this first; of a file that
        # is not there yet tail would hear only when it looks, each second
        self._asker.ask(f": >>{quote(str(run_dir / EXIT_STATUS))}")
        self._end_by_file(process)
        return process

    def _end_by_file(self, process: SpawnedProcess) -> None:
        written = bytearray()

        def take(data: bytes) -> None:
            written.extend(data)
            if written.endswith(b"\n"):
                self._ended(process.token, written.decode(errors="replace").strip())

        self.follow(process.run_dir / EXIT_STATUS, 0, take)

    @property
    def running(self) -> list[SpawnedProcess]:
        """Those that have not ended, as far as we know."""
        with self._lock:
            return list(self._processes.values())

    def signal_session(self, process: SpawnedProcess, signum: int) -> None:
        """See nepishell.hosts.process.Steering. Raises HostError when the host is unreachable."""
        self._shell.connect()
        self._shell.tell(_signal(process, signum))

    def stop_session(self, process: SpawnedProcess, grace_s: float) -> None:
        """See nepishell.hosts.process.Steering. An unreachable host is told when it is back."""

        def ask() -> None:
            self._shell.tell(_signal(process, SIGTERM))
            self._shell.tell(_signal(process, SIGCONT))

        def kill() -> None:
            self._shell.tell(b"(" + _signal(process, SIGKILL) + b") &")

        self._shell.after(0.0, ask)
        self._shell.after(grace_s, kill)

    # -- files ------------------------------------------------------------------------------------

    def follow(self, path: Path, offset: int, on_data: OnData) -> Callable[[], None]:
        """See nepishell.hosts.base.Host.follow()."""
        self._shell.prepare()
        number = self._asker.number()
        follow = _Follow(path, offset, on_data)

        def begun(frame: Frame) -> None:
            if frame.kind == "N":
                follow.skip = offset if frame.words[1] != "0" else 0
                with self._lock:
                    self._follows[number] = follow

        try:
            self._asker.start(number, follow.line(number), begun, _START_TIMEOUT_S)
        except Unreachable:
            raise
        except HostError as exc:
            raise HostError(f"cannot follow {path}: {exc}") from exc

        def stop() -> None:
            with self._lock:
                mine = [each for each, other in self._follows.items() if other is follow]
                for each in mine:
                    del self._follows[each]
            for each in mine:
                self._asker.kill(each)

        return stop

    # -- what the shell's thread tells ------------------------------------------------------------

    def take(self, frame: Frame) -> None:
        """A frame that nobody asked for."""
        if frame.kind == "E":
            self._ended(int(frame.words[0]), frame.words[1])
        elif frame.kind == "F":
            with self._lock:
                follow = self._follows.get(int(frame.words[0]))
            if follow is not None:
                follow.take(frame.parts[0])

    def _ended(self, number: int, status: str) -> None:
        with self._lock:
            process = self._processes.pop(number, None)
            self._waiters.pop(number, None)
        if process is not None:
            process.ended(int(status) if status.isdecimal() else LOST_STATUS, monotonic())

    def reconcile(self) -> None:
        """The host is back: learn what ended meanwhile, follow on."""
        with self._lock:
            unwanted, self._unwanted = self._unwanted, []
            checks = [
                line("_np_check", number, each.pid, each.start_time, each.run_dir,
                     self._waiters[number])
                for number, each in self._processes.items()
            ]  # fmt: skip
            follows = {self._asker.number(): follow for follow in self._follows.values()}
            self._follows = dict(follows)
        for number in unwanted:
            self._asker.kill(number)
        if checks:
            # by the bell, as all ends
            self._shell.tell(encoded(f"({'; '.join(checks)}) >&8 &"))
        for number, follow in follows.items():
            self._shell.tell(follow.line(number))


def _signal(process: SpawnedProcess, signum: int) -> bytes:
    return encoded(line("_np_signal", process.pid, process.start_time, int(signum)))
