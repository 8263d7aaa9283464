"""This machine as a host: commands run as children of this program."""

import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from nepishell.core.errors import HostError
from nepishell.hosts import launching, sessions
from nepishell.hosts.base import Completed, OnExit, Process
from nepishell.hosts.commands import run_to_end
from nepishell.hosts.files import LocalFiles
from nepishell.hosts.process import SpawnedProcess
from nepishell.hosts.terminals import PtyTerminal
from nepishell.hosts.watching import Watcher

if TYPE_CHECKING:
    from nepishell.hosts.local_kept import Kept

#: Killed processes that take longer than this are held by the kernel.
_KILL_TIMEOUT_S = 5.0


class _Child(Protocol):
    """A child of ours that nobody has reaped."""

    pid: int

    def wait(self) -> int:
        """Its code when it has ended; negative for a signal."""


class _Spawned:
    """A child that subprocess does not know of."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def wait(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class LocalHost(LocalFiles):
    """Implements nepishell.hosts.base.Host. One watcher thread, started by the first command."""

    def __init__(self, name: str = "localhost", kept: "Kept | None" = None) -> None:
        """*kept*: by whom what is spawned outlives this program."""
        super().__init__()
        self._name = name
        self._kept = kept
        #: what it keeps of ours
        self._outliving: list[SpawnedProcess] = []
        self._lock = threading.Lock()
        self._tokens = count(1)
        self._children: dict[int, tuple[SpawnedProcess, _Child]] = {}
        #: ended, but something that they started in their session had not
        self._lingering: list[SpawnedProcess] = []
        self._watcher: Watcher | None = None

    @property
    def name(self) -> str:
        return self._name

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        timeout_s: float | None = 30.0,
    ) -> Completed:
        return run_to_end(
            self._run,
            argv,
            scratch=None,
            env=env,
            cwd=cwd,
            stdin=stdin,
            timeout_s=timeout_s,
        )

    def _run(
        self,
        argv: Sequence[str],
        run_dir: Path,
        cwd: Path,
        env: Mapping[str, str] | None,
        stdin: Path | None,
    ) -> SpawnedProcess:
        process = SpawnedProcess(next(self._tokens), run_dir, self, None)
        self._start(process, argv, cwd, env, stdin, record=False)
        return process

    def spawn(
        self,
        argv: Sequence[str],
        *,
        run_dir: Path,
        env: Mapping[str, str] | None = None,
        stdin: Path | None = None,
        on_exit: OnExit | None = None,
    ) -> Process:
        if self._kept is not None:
            return self._spawn_kept(self._kept, argv, run_dir, env, stdin, on_exit)
        process = SpawnedProcess(next(self._tokens), run_dir, self, on_exit)
        self._start(process, argv, run_dir, env, stdin, record=True)
        return process

    def terminal(
        self,
        argv: Sequence[str],
        *,
        rows: int,
        cols: int,
        env: Mapping[str, str] | None = None,
    ) -> PtyTerminal:
        def start(path: str, on_exit: OnExit) -> SpawnedProcess:
            process = SpawnedProcess(next(self._tokens), Path(), self, on_exit)
            self._follow(process, lambda: _on_terminal(argv, env, path), record=False)
            return process

        return PtyTerminal(rows, cols, start)

    def adopt(self, run_dir: Path, on_exit: OnExit | None = None) -> Process | None:
        """What a keeper kept; None without one: only its parent learns how a process ends."""
        found = self._kept.adopt(run_dir, on_exit) if self._kept is not None else None
        if found is not None:
            self._outliving.append(found)
        return found

    def _spawn_kept(
        self,
        kept: "Kept",
        argv: Sequence[str],
        run_dir: Path,
        env: Mapping[str, str] | None,
        stdin: Path | None,
        on_exit: OnExit | None,
    ) -> SpawnedProcess:
        try:
            process = kept.spawn(argv, run_dir=run_dir, env=env, stdin=stdin, on_exit=on_exit)
        except HostError as problem:
            raise HostError(f"{self._name}: {problem}") from None
        with self._lock:
            self._outliving = [one for one in self._outliving if one.exit is None]
            self._outliving.append(process)
        return process

    def _start(
        self,
        process: SpawnedProcess,
        argv: Sequence[str],
        cwd: Path,
        env: Mapping[str, str] | None,
        stdin: Path | None,
        *,
        record: bool,
    ) -> None:
        self._follow(process, lambda: _popen(argv, process.run_dir, cwd, env, stdin), record=record)

    def _follow(
        self, process: SpawnedProcess, start: Callable[[], _Child], *, record: bool
    ) -> None:
        """Start *process* and watch it."""
        try:
            child = start()
        except launching.LaunchError as exc:
            raise HostError(f"{self._name}: {exc}") from exc
        process.started(child.pid, sessions.start_time(child.pid))
        with self._lock:
            self._children[process.token] = process, child
            if self._watcher is None:
                self._watcher = Watcher(f"watcher-{self._name}")
        self._watcher.watch(child.pid, lambda: self._ended(process, child, record=record))

    def _ended(self, process: SpawnedProcess, child: _Child, *, record: bool) -> None:
        at = monotonic()
        code = child.wait()
        if record:
            launching.write_exit_status(str(process.run_dir), code)
        with self._lock:
            self._children.pop(process.token, None)
            if sessions.has_group(process.pid):
                self._lingering.append(process)
        process.ended(code, at)

    def signal_session(self, process: SpawnedProcess, signum: int) -> None:
        """See nepishell.hosts.process.Steering."""
        sessions.signal_session(process.pid, process.start_time, signum)

    def stop_session(self, process: SpawnedProcess, grace_s: float) -> None:
        """See nepishell.hosts.process.Steering."""
        sessions.terminate_session(process.pid, process.start_time)
        assert self._watcher is not None  # a process was started
        self._watcher.after(grace_s, lambda: sessions.kill_session(process.pid, process.start_time))

    def close(self) -> None:
        self.stop_following()
        with self._lock:
            watcher, self._watcher = self._watcher, None
            running = [process for process, _ in self._children.values()]
            lingering, self._lingering = self._lingering, []
            running += [process for process in self._outliving if process.exit is None]
        for process in (*running, *lingering):
            sessions.kill_session(process.pid, process.start_time)
        for process in running:
            process.wait(_KILL_TIMEOUT_S)
        if watcher is not None:
            watcher.close()


def _on_terminal(argv: Sequence[str], env: Mapping[str, str] | None, path: str) -> _Spawned:
    """Start *argv* on the terminal of that path."""
    merged = launching.environment(os.environ, env)
    words = [os.fspath(word) for word in argv] or [""]
    file = launching.find_program(words[0], merged.get("PATH", os.defpath))
    return _Spawned(launching.spawn_on_terminal(file, words, merged, path))


def _popen(
    argv: Sequence[str],
    run_dir: Path,
    cwd: Path,
    env: Mapping[str, str] | None,
    stdin: Path | None,
) -> subprocess.Popen[bytes]:
    """Start *argv* as launching.posix_spawn() does, but from a program of many threads."""
    merged = launching.environment(os.environ, env)
    name = os.fspath(argv[0]) if argv else ""
    file = launching.find_program(name, merged.get("PATH", os.defpath), str(cwd))
    streams = launching.open_streams(str(run_dir), None if stdin is None else str(stdin))
    try:
        return subprocess.Popen(
            argv,
            executable=file,
            cwd=cwd,
            env=merged,
            stdin=streams[0],
            stdout=streams[1],
            stderr=streams[2],
            start_new_session=True,
        )
    except OSError as exc:
        if str(exc.filename) == str(cwd):
            raise launching.LaunchError(f"cannot start in {cwd}: {exc.strerror}") from exc
        raise launching.LaunchError(launching.start_failure(name, exc)) from exc
    finally:
        for fd in streams:
            os.close(fd)
