"""What applications run on: a resource with a host. They ask `node.host`, never where it is."""

import sys
from pathlib import Path

from nepishell.core.errors import WrongState
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.base import Host


class AbstractNode(ResourceManager):
    """A machine, real or not; the base of all types that applications connect to."""

    rtype = "abstract::Node"
    #: the Python interpreter that our own tools run with
    python: str = sys.executable

    _host: Host | None = None

    @property
    def host(self) -> Host:
        """Where commands run; raises WrongState before deployment."""
        if self._host is None:
            raise WrongState(f"{self.name} is {self.state.name}: nothing runs on it yet")
        return self._host

    @property
    def address(self) -> str:
        """How others reach it: a name or an address."""
        return "localhost"

    def why_not_connect(self, other: ResourceManager) -> str:
        """Anything connects to a node but another node."""
        if isinstance(other, AbstractNode):
            return "two nodes meet at a link or a switch; connect both to one"
        return super().why_not_connect(other)

    def tool(self, script: Path) -> list[str]:
        """The beginning of a command that runs one of our own scripts here."""
        return [self.python, "-I", "-S", str(script)]

    def elevate(self, argv: list[str]) -> list[str]:
        """The command that runs *argv* with all rights."""
        return argv

    def do_discover(self) -> None:
        """Refuse virtual time: processes take real time."""
        if self.ec.clock.virtual:
            raise WrongState(f"{self.rtype} runs real processes: it needs the WallClock")
        super().do_discover()
