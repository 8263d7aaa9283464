"""A host on which nothing runs: for tests, for `plan`, and for labs on paper.

It remembers what was asked of it. Short commands answer as scripted; long ones run until the test
ends them, or end at once with the status that was scripted. Files are kept in memory.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic

from nepishell.core.errors import HostError
from nepishell.hosts import launching
from nepishell.hosts.base import EXIT_STATUS, STDERR, STDOUT, Completed, OnExit, Process
from nepishell.hosts.fakefiles import FakeFiles
from nepishell.hosts.faketerminal import FakeTerminal
from nepishell.hosts.process import SpawnedProcess

#: Decides on a command: its argv -> what comes of it; None for a process that runs on.
Script = Callable[[tuple[str, ...]], "Outcome | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a scripted command ends; *code* is negative for a signal."""

    code: int = 0
    stdout: str = ""
    stderr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One command that was asked for."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


def _succeed(argv: tuple[str, ...]) -> Outcome | None:
    return Outcome()


class FakeHost(FakeFiles):
    """Implements nepishell.hosts.base.Host without a process, a thread or a file.

    *run_script* answers run(), *spawn_script* spawn(); on_exit is called by whoever ends a process.
    """

    def __init__(
        self,
        name: str = "fake",
        *,
        run_script: Script = _succeed,
        spawn_script: Script = lambda argv: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(clock)
        self._name = name
        self._run_script = run_script
        self._spawn_script = spawn_script
        self._pids = count(1)
        self._running: dict[int, SpawnedProcess] = {}
        self.asked: list[Asked] = []
        self.signals: list[tuple[int, int]] = []
        #: open ones, oldest first
        self.terminals: list[FakeTerminal] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def running(self) -> list[SpawnedProcess]:
        """Processes that have not ended."""
        with self._lock:
            return list(self._running.values())

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        timeout_s: float | None = 30.0,
    ) -> Completed:
        words = self._note(argv, env)
        outcome = self._run_script(words)
        if outcome is None:
            raise HostError(f"'{' '.join(words)}' did not end within {timeout_s:g} s: killed")
        return Completed(
            argv=words, status=outcome.code, stdout=outcome.stdout, stderr=outcome.stderr
        )

    def spawn(
        self,
        argv: Sequence[str],
        *,
        run_dir: Path,
        env: Mapping[str, str] | None = None,
        stdin: Path | None = None,
        on_exit: OnExit | None = None,
    ) -> Process:
        words = self._note(argv, env)
        with self._lock:
            pid = next(self._pids)
            process = SpawnedProcess(pid, run_dir, self, on_exit)
            process.started(pid, pid)
            self._running[pid] = process
            self.files[run_dir / STDOUT] = self.files[run_dir / STDERR] = b""
        outcome = self._spawn_script(words)
        if outcome is not None:
            self.end(process, outcome)
        return process

    def adopt(self, run_dir: Path, on_exit: OnExit | None = None) -> Process | None:
        """None: nobody but its parent learns how a process here ends."""
        return None

    def end(self, process: Process, outcome: Outcome = Outcome()) -> None:
        """Let a process end; nothing when it has."""
        with self._lock:
            ending = self._running.pop(process.pid, None)
            if ending is None:
                return
            files = {STDOUT: outcome.stdout, STDERR: outcome.stderr}
            for name, text in files.items():
                self.append(ending.run_dir / name, text.encode())
            status = launching.shell_status(outcome.code)
            self.files[ending.run_dir / EXIT_STATUS] = b"%d\n" % status
        ending.ended(outcome.code, self._clock())

    def signal_session(self, process: SpawnedProcess, signum: int) -> None:
        """Any signal that would end a program that cares for none ends it here."""
        self.signals.append((process.pid, signum))
        self.end(process, Outcome(code=-signum))

    def stop_session(self, process: SpawnedProcess, grace_s: float) -> None:
        self.signal_session(process, 15)

    def terminal(
        self,
        argv: Sequence[str],
        *,
        rows: int,
        cols: int,
        env: Mapping[str, str] | None = None,
    ) -> FakeTerminal:
        opened = FakeTerminal(self._note(argv, env), rows, cols, self.terminals.remove)
        self.terminals.append(opened)
        return opened

    def close(self) -> None:
        for process in self.running:
            self.end(process, Outcome(code=-9))
        for terminal in list(self.terminals):
            terminal.end(128 + 9)

    def _note(self, argv: Sequence[str], env: Mapping[str, str] | None) -> tuple[str, ...]:
        words = tuple(argv)
        self.check_reach()
        with self._lock:
            self.asked.append(Asked(argv=words, env=dict(env or {})))
        return words
