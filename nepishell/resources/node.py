"""What applications run on: a resource with a host. They ask `node.host`, never where it is."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from nepishell.core.errors import WrongState
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.base import Host
from nepishell.hosts.local_kept import Kept
from nepishell.resources.linux import probing
from nepishell.resources.linux.layout import ROOT, Layout
from nepishell.resources.linux.packages import Turns

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController


class AbstractNode(ResourceManager):
    """A machine, real or not; the base of all types that applications connect to."""

    rtype = "abstract::Node"
    #: the Python interpreter that our own tools run with
    python: str = sys.executable
    #: whether its files are those of this machine: traces need not be fetched then
    is_here: ClassVar[bool] = True

    _host: Host | None = None
    _system: probing.System | None = None

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

    @property
    def machine(self) -> str:
        """The same for nodes that share files and packages."""
        return "here"

    @property
    def system(self) -> probing.System:
        """What runs there; asked once. Raises HostError."""
        if self._system is None:
            self._system = probing.probe(self.host)
        return self._system

    @property
    def layout(self) -> Layout:
        """Where things stand on its host."""
        ec = self.ec
        return Layout(
            home=Path.home(),
            root=ec.local_dir / ROOT,
            exp=ec.exp_dir,
            exp_home=ec.run_dir,
            node_home=ec.run_dir / f"node-{self.guid}",
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """What is added to the environment of all that runs there."""
        return {}

    def run_home(self, application: ResourceManager) -> Path:
        """Where *application* runs and its files appear."""
        return self.ec.trace_dir(application.guid)

    def turns(self) -> Turns:
        """For what only one at a time may do on this machine."""
        return self.ec.shared(f"turns on {self.machine}", Turns)

    def why_not_connect(self, other: ResourceManager) -> str:
        """Anything connects to a node but another node, unless that can be built on it."""
        if isinstance(other, AbstractNode) and not other.can_stand_on(self):
            return "two nodes meet at a link or a switch; connect both to one"
        return super().why_not_connect(other)

    def can_stand_on(self, other: "AbstractNode") -> bool:
        """Whether it may be built on another node."""
        return False

    def tool(self, script: Path) -> list[str]:
        """The beginning of a command that runs one of our own scripts here."""
        return [self.python, "-I", "-S", str(script)]

    def elevate(self, argv: list[str], env: Mapping[str, str]) -> list[str]:
        """The command that runs *argv* with all rights, and *env* in spite of that."""
        return argv

    def when_back(self, then: Callable[[bool], None]) -> None:
        """Call *then* once commands may reach it again: True, or False when it is given up."""
        then(True)

    def mind_reach(self) -> None:
        """Somebody waits for an end that only the host can tell: see that it is not for ever."""

    def do_discover(self) -> None:
        """Refuse virtual time: processes take real time."""
        if self.ec.clock.virtual:
            raise WrongState(f"{self.rtype} runs real processes: it needs the WallClock")
        super().do_discover()


def kept_here(ec: "ExperimentController") -> Kept | None:
    """By whom programs on this machine outlive the controller; None in a run that ends with it."""
    return ec.shared("programs of this machine", lambda: Kept(ec.run_dir)) if ec.lasting else None


def by_sudo(argv: list[str], env: Mapping[str, str]) -> list[str]:
    """*argv* as root, without a password; sudo drops the environment, so it is given anew."""
    settings = ["env", *(f"{name}={value}" for name, value in env.items())] if env else []
    return ["sudo", "-n", "--", *settings, *argv]
