"""The part of a lab that is on another machine: the same keeper, there, at the end of one stream.

What is asked is the same as of a lab here. It ends with its stream: when the connection is lost,
everything of it is gone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from nepishell.core.errors import HostError
from nepishell.hosts.base import OnExit
from nepishell.hosts.netns import hostsfile
from nepishell.hosts.netns.farhost import FarNetnsHost
from nepishell.hosts.netns.keeping import KeeperProcess
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.machine import Machine
from nepishell.hosts.netns.transport import StreamTransport
from nepishell.hosts.process import SpawnedProcess

#: End process $1 if it is the one that was started with a path below $2.
_END = """
grep -qF "$2" "/proc/$1/cmdline" 2>/dev/null || exit 0
kill -TERM "$1"
"""


class FarProcess(SpawnedProcess):
    """A process on another machine: what identifies it there cannot be looked up here."""

    @property
    def start_time(self) -> int:
        """Clock ticks after that machine's boot; 0 before its end was told."""
        return self._start_time


class FarLab(Lab):
    """A part of a lab on another machine. Close it, or use it in a with statement."""

    machine: Machine

    @classmethod
    def on(cls, machine: Machine, *, seed: int, when_lost: Callable[[], None]) -> "FarLab":
        """Start an empty part there. Raises HostError, saying what is missing.

        *when_lost* is called, from a thread of its own, when it ended without being closed.
        """
        try:
            machine.furnish()
            keeper = KeeperProcess(StreamTransport(machine.open(), machine.name))
        except HostError as problem:
            with suppress(HostError):
                machine.host.remove(machine.folder)
            raise HostError(f"no part of the lab on {machine.name}: {problem}") from problem
        keeper.on_lost = when_lost
        lab = cls(machine.folder, keeper, seed)
        lab.machine = machine
        lab.set_names({})
        return lab

    @property
    def address(self) -> str:
        """How other machines reach it."""
        return self.machine.address

    def resolve(self, name: str) -> str:
        """An address of *name*, as it is known there."""
        return self.machine.resolve(name)

    def close(self) -> None:
        """All of it is gone when it returns, its files too. Idempotent."""
        is_first, was_lost = not self._is_closed, self.is_gone
        super().close()
        if is_first:
            if was_lost:
                self._end_unnoticed()
            # a machine that is out of reach keeps a folder with our files, and nothing else
            with suppress(HostError):
                self.machine.host.remove(self.machine.folder)

    def _end_unnoticed(self) -> None:
        """End a keeper whose machine has not noticed yet that the stream was lost."""
        machine = self.machine
        words = [_END, "sh", str(self.keeper_pid), str(machine.folder)]
        with suppress(HostError):
            machine.host.run(machine.elevate(["sh", "-c", *words], {}))

    def add_hosts(  # type: ignore[override] # they are as good
        self, names: Iterable[str], *, forwarding: bool = False
    ) -> list[FarNetnsHost]:
        """Many hosts in one request."""
        made = super().add_hosts(names, forwarding=forwarding)
        return [FarNetnsHost(self, host.name) for host in made]

    def host(self, name: str) -> FarNetnsHost:  # type: ignore[override]
        """A host that was added, by its name."""
        return FarNetnsHost(self, name)

    def set_names(self, names: Mapping[str, Sequence[str]]) -> None:
        """What every host there resolves."""
        self.call("names", hostsfile.hosts_text(names))

    def door(self, host: str) -> list[str]:
        """The beginning of a command that runs inside a host."""
        answer = self.call("doors", host)
        assert isinstance(answer, list)  # that is how it is answered
        where = f"/proc/{self.keeper_pid}/fd"
        kinds = zip(("net", "mount", "uts"), answer, strict=True)
        return ["nsenter", *(f"--{kind}={where}/{number}" for kind, number in kinds), "--"]

    def _process(self, run_dir: Path, on_exit: OnExit | None) -> SpawnedProcess:
        return FarProcess(next(self._tokens), run_dir, self, on_exit)
