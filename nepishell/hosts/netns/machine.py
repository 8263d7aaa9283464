"""Another machine as a place for a part of a lab: what is put there, and how it is started."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nepishell.core.errors import HostError
from nepishell.hosts.base import Host
from nepishell.hosts.netns.transport import Duplex

_ROOT = Path(__file__).resolve().parent.parent.parent.parent
#: What the keeper and those who help it are made of: they use the standard library alone.
_PARTS = ("nepishell/core/errors.py", "nepishell/hosts/*.py", "nepishell/hosts/netns/*.py")
#: The oldest Python that they run with.
_OLDEST = (3, 10)


class FarHost(Host, Protocol):
    """A host to which a stream can be opened."""

    def channel(self, argv: Sequence[str]) -> Duplex:
        """Start *argv*; its standard input and output. Closing it ends the input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where a part of a lab is built. *elevate* makes a command run with all rights.

    *folder* is ours alone, absolute, on that machine. *address*: how other machines reach it.
    """

    name: str
    host: FarHost
    python: str
    folder: Path
    address: str
    elevate: Callable[[list[str], Mapping[str, str]], list[str]]

    @property
    def hosts_file(self) -> Path:
        """What /etc/hosts of its lab's hosts shows."""
        return self.folder / "hosts"

    def furnish(self) -> None:
        """Put the keeper's files there. Raises HostError, also where Python is too old."""
        version = "import sys; print(*sys.version_info[:2])"
        answer = self.host.run([self.python, "-I", "-S", "-c", version]).stdout.split()
        if len(answer) != 2 or tuple(map(int, answer)) < _OLDEST:
            raise HostError(
                f"{self.name} has Python {'.'.join(answer) or 'nowhere'}: a part of a lab needs "
                f"{'.'.join(map(str, _OLDEST))} or newer there"
            )
        allowed = self.host.run(self.elevate(["true"], {}))
        if allowed.status:
            words = allowed.stderr.strip().rpartition("\n")[2]
            raise HostError(f"commands are not run as root on {self.name}: {words}")
        self.host.put_all({self.folder / path.relative_to(_ROOT): path for path in parts()})

    def open(self) -> Duplex:
        """Start a keeper there that ends with this stream. Raises HostError."""
        start = str(self.folder / "nepishell/hosts/netns/barestart.py")
        module = "nepishell.hosts.netns.stdio"
        argv = [self.python, "-I", "-S", start, module, str(self.hosts_file)]
        return self.host.channel(self.elevate([*argv, str(self.folder / "keeper.log")], {}))

    def resolve(self, name: str) -> str:
        """An address of *name* as this machine knows it. Raises HostError."""
        done = self.host.run(["getent", "ahosts", name])
        if done.status or not done.stdout.split():
            raise HostError(f"{self.name} does not resolve '{name}'; set ip of its linux::Node")
        return done.stdout.split()[0]


def parts() -> list[Path]:
    """The files that a keeper needs."""
    return [path for pattern in _PARTS for path in sorted(_ROOT.glob(pattern))]
