"""The processes of a lab, seen from their parent, the keeper: started, reaped, stopped, hunted.

SIGCHLD tells that something ended; the keeper is the reaper of every descendant, so a program that
forks away comes back here. Nothing is asked twice and no process costs a thread or a descriptor.
"""

import heapq
import os
import resource
import signal
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Protocol

from nepishell.hosts import launching, sessions

#: How long killed processes may take to go; more means that the kernel holds one.
_KILL_TIMEOUT_S = 5.0

#: (token, code as of waitstatus_to_exitcode, seconds on the monotonic clock, start time)
Report = Callable[[int, int, float, int], None]


class Place(Protocol):
    """Where a process is started: a host of a lab, or the machine itself."""

    @property
    def name(self) -> str: ...
    @property
    def inode(self) -> int: ...

    def enter(self) -> None:
        """Be there, with this thread."""


class Home(Protocol):
    """Where the keeper itself is."""

    def enter(self) -> None:
        """Be there again."""


class Child:
    """A process that a client asked for, under the number that the client gave it."""

    __slots__ = ("_started", "host", "pid", "record_in", "token")

    def __init__(self, token: int, host: str, pid: int, record_in: str) -> None:
        self.token = token
        self.host = host
        self.pid = pid
        self.record_in = record_in
        self._started = 0

    @property
    def started(self) -> int:
        """Its start time; readable until it is reaped.

        Read late: right after the start the processor gives the new process its turn before us.
        """
        if not self._started:
            self._started = sessions.start_time(self.pid)
        return self._started


class Processes:
    """All processes of one lab. One thread only."""

    def __init__(self, core: Home, report: Report) -> None:
        self._core = core
        self._report = report
        self._env = dict(os.environ)
        self._by_pid: dict[int, Child] = {}
        self._by_token: dict[int, Child] = {}
        self._deadlines: list[tuple[float, int, int]] = []
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self._own_limit, self._child_limit = (hard, hard), (soft, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, self._own_limit)

    def spawn(
        self,
        token: int,
        space: Place,
        argv: Sequence[str],
        run_dir: str,
        cwd: str,
        env: Mapping[str, str] | None,
        stdin: str | None,
        record: bool,
    ) -> int:
        """Start *argv* in a host; its pid. Raises LaunchError."""
        merged = launching.environment(self._env, env)
        file = launching.find_program(argv[0], merged.get("PATH", os.defpath), cwd)
        streams = launching.open_streams(run_dir, stdin)
        try:
            pid = self._start(
                space, cwd, lambda: launching.posix_spawn(file, argv, merged, streams)
            )
        finally:
            for fd in streams:
                os.close(fd)
        self._enter(Child(token, space.name, pid, run_dir if record else ""))
        return pid

    def spawn_on_terminal(
        self,
        token: int,
        space: Place,
        argv: Sequence[str],
        terminal: str,
        cwd: str,
        env: Mapping[str, str] | None,
    ) -> int:
        """Start *argv* in a host, on the terminal of that path; its pid. Raises LaunchError."""
        merged = launching.environment(self._env, env)
        file = launching.find_program(argv[0], merged.get("PATH", os.defpath), cwd)
        pid = self._start(
            space, cwd, lambda: launching.spawn_on_terminal(file, argv, merged, terminal)
        )
        self._enter(Child(token, space.name, pid, ""))
        return pid

    def _enter(self, child: Child) -> None:
        self._by_pid[child.pid] = self._by_token[child.token] = child

    def _start(self, space: Place, cwd: str, start: Callable[[], int]) -> int:
        """Call *start* inside a host."""
        space.enter()
        # programs that walk all possible descriptors would take ages with the keeper's limit
        resource.setrlimit(resource.RLIMIT_NOFILE, self._child_limit)
        try:
            os.chdir(cwd)
            return start()
        except OSError as exc:
            raise launching.LaunchError(f"cannot start in {cwd}: {exc.strerror}") from exc
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, self._own_limit)
            self._core.enter()

    def reap(self) -> None:
        """Take the status of everything that ended and report what a client asked for."""
        while found := self._next_ended():
            child = self._by_pid.pop(found.si_pid, None)
            # only now is its pid free for others
            started = child.started if child else 0
            _, status = os.waitpid(found.si_pid, 0)
            if child is None:
                continue
            del self._by_token[child.token]
            code = os.waitstatus_to_exitcode(status)
            if child.record_in:
                launching.write_exit_status(child.record_in, code)
            self._report(child.token, code, monotonic(), started)

    @staticmethod
    def _next_ended() -> os.waitid_result | None:
        try:
            return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return None

    def listed(self) -> list[tuple[int, int, int, str]]:
        """(token, pid, start time, where it is recorded) of each that runs."""
        return [
            (child.token, child.pid, child.started, child.record_in)
            for child in self._by_token.values()
        ]

    def signal(self, token: int, signum: int) -> None:
        """Signal the session of a process; silent when it has ended."""
        if child := self._by_token.get(token):
            sessions.signal_session(child.pid, child.started, signum)

    def stop(self, token: int, grace_s: float) -> None:
        """TERM now; KILL what is left of the session after *grace_s*."""
        if child := self._by_token.get(token):
            sessions.terminate_session(child.pid, child.started)
            due = (monotonic() + grace_s, child.pid, child.started)
            heapq.heappush(self._deadlines, due)

    def next_deadline_s(self) -> float | None:
        """Seconds until kill_overdue() has something to do; None while nothing is planned."""
        return max(0.0, self._deadlines[0][0] - monotonic()) if self._deadlines else None

    def kill_overdue(self) -> None:
        """KILL the sessions whose grace is over."""
        now = monotonic()
        while self._deadlines and self._deadlines[0][0] <= now:
            _, pid, started = heapq.heappop(self._deadlines)
            sessions.kill_session(pid, started)

    def end_in(self, spaces: Collection[Place]) -> None:
        """Kill all that runs in *spaces*, however it got there; return when it is gone."""
        inodes = {space.inode for space in spaces}
        names = {space.name for space in spaces}
        self._hunt(lambda stats: self._inhabitants(stats, inodes, names))

    def _inhabitants(
        self, stats: dict[int, sessions.Stat], inodes: set[int], names: set[str]
    ) -> set[int]:
        inside = {pid for pid in stats if sessions.namespace_of(pid) in inodes}
        ours = {child.pid for child in self._by_pid.values() if child.host in names}
        for child in self._by_pid.values():
            if child.host in names:
                inside.update(sessions.session_members(child.pid, child.started, stats))
        # what they started may have left the namespace
        return inside | sessions.descendants(inside | ours, stats)

    def end_all(self, spaces: Collection[Place], spare: Collection[int]) -> None:
        """Kill everything of the lab but *spare*; return when it is gone."""
        inodes = {space.inode for space in spaces}
        keep = {os.getpid(), *spare}

        def victims(stats: dict[int, sessions.Stat]) -> set[int]:
            inside = {pid for pid in stats if sessions.namespace_of(pid) in inodes}
            return (inside | sessions.descendants({os.getpid()}, stats)) - keep

        self._hunt(victims)
        self._deadlines.clear()

    def _hunt(self, victims: Callable[[dict[int, sessions.Stat]], set[int]]) -> None:
        """Kill until a look at the whole machine finds none: a dying process may fork."""
        give_up = monotonic() + _KILL_TIMEOUT_S
        while monotonic() < give_up:
            found = victims(sessions.all_stats())
            if not found:
                return
            for pid in found:
                sessions.send(pid, signal.SIGKILL)
            sessions.wait_gone(found, give_up - monotonic())
            with suppress(ChildProcessError):
                self.reap()
        raise launching.LaunchError(
            f"processes {sorted(victims(sessions.all_stats()))} do not end even when killed"
        )
