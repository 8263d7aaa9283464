"""A host of the embedded lab: a network namespace with a name of its own."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nepishell.core.attributes import Attribute, Value
from nepishell.core.errors import WrongState
from nepishell.core.peers import Peer
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.netns.farlab import FarLab
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.machine import Machine
from nepishell.resources.linux.layout import Layout
from nepishell.resources.netns.part import NODE, LabPart
from nepishell.resources.netns.sites import Site
from nepishell.resources.node import AbstractNode

if TYPE_CHECKING:
    from nepishell.resources.linux.node import LinuxNode


class NetnsNode(AbstractNode, LabPart):
    """A host in a network namespace, here or on a linux::Node; forwarding makes it a router."""

    rtype = "netns::Node"
    role = NODE

    forwarding = Attribute(
        bool, default=False, live=True, help="whether it is a router: passes on packets of others"
    )
    # `auto` costs nothing without a router, so that declaring one router is the whole request
    routes = Attribute(
        default="auto",
        choices=("auto", "delay", "weight", "none"),
        live=True,
        help="auto: static routes by fewest hops as soon as the lab has a router; "
        "delay, weight: by the sum of those of the links, the same for all nodes; none: by hand",
    )
    ipv6 = Attribute(bool, default=False, help="whether its interfaces get IPv6 addresses, too")
    latitude = Attribute(float, min=-90, max=90, help="where it is on the map, degrees north")
    longitude = Attribute(float, min=-180, max=180, help="where it is on the map, degrees east")

    # a connection, because that orders: the machine is READY before, and released after us
    place = Peer("linux::Node", help="the machine that it is built on (default: this one)")
    neighbours = Peer("Resource", max=None, needs={}, help="links, switches, applications, ...")

    # -- where it is ------------------------------------------------------------------------------

    @property
    def _far(self) -> "LinuxNode | None":
        """The other machine that it is on; None: this one."""
        place: LinuxNode | None = self.place
        return None if place is None or place.is_here else place

    def site(self) -> Site | None:
        """Where the lab builds it; None: here."""
        far = self._far
        if far is None:
            return None
        return Site(key=far.guid, name=far.name, open=partial(self._open, far))

    def _open(self, far: "LinuxNode", when_lost: Callable[[], None]) -> Lab:
        """Start the part of the lab on another machine."""
        machine = Machine(
            name=far.name,
            host=far.host,  # type: ignore[arg-type] # those of other machines have a channel
            python=far.python,
            folder=far.layout.node_home / self.ec.run_id / "lab",
            address=far.address,
            elevate=far.elevate,
        )
        return FarLab.on(machine, seed=self.ec.seed, when_lost=when_lost)

    def can_stand_on(self, other: AbstractNode) -> bool:
        """Whether *other* is a machine."""
        return "linux::Node" in other._rtypes

    def why_not_connect(self, other: ResourceManager) -> str:
        """A machine to be built on, and anything that is no node."""
        if isinstance(other, AbstractNode):
            if not self.can_stand_on(other):
                return AbstractNode.why_not_connect(self, other)
            if self.place is not None:
                return f"{self.name} is built on {self.place.name} already"
            if self._host is not None:
                return f"{self.name} is {self.state.name}: it does not move"
        return ""

    def do_disconnect(self, guid: int) -> None:
        """A host that stands does not move."""
        if self._host is not None and self.place is not None and guid == self.place.guid:
            raise WrongState(f"{self.name} is built on {self.place.name}; release it first")

    @property
    def is_here(self) -> bool:  # type: ignore[override] # it depends on the machine
        """Whether its files are those of this machine."""
        return self._far is None

    @property
    def machine(self) -> str:
        """That of the machine that it is on."""
        far = self._far
        return super().machine if far is None else far.machine

    @property
    def python(self) -> str:  # type: ignore[override]
        """The interpreter of the machine that it is on."""
        far = self._far
        return sys.executable if far is None else far.python

    @property
    def layout(self) -> Layout:
        """That of the machine that it is on."""
        far = self._far
        return super().layout if far is None else far.layout

    def run_home(self, application: ResourceManager) -> Path:
        """Where *application* runs, on the machine that it is on."""
        far = self._far
        return super().run_home(application) if far is None else far.run_home(application)

    def tool(self, script: Path) -> list[str]:
        """Our script, on the machine that it is on."""
        far = self._far
        return super().tool(script) if far is None else far.tool(script)

    # -- its life ---------------------------------------------------------------------------------

    @property
    def has_daemon(self) -> bool:
        """Whether a program in it finds its routes, not the lab."""
        return False

    @property
    def address(self) -> str:
        """Every host of the lab resolves it by name."""
        return self.lab_name

    def do_provision(self) -> None:
        """Make the namespace."""
        self.freeze_name()
        self._host = self.net.add_host(self)
        super().do_provision()

    def recall(self) -> None:
        """Its namespace; one on another machine went with the connection to it."""
        self._host = self.net.recall_node(self)

    def do_deploy(self) -> None:
        """Plug into the switches that are there already; links and later switches come to us."""
        if self._host is None:
            self.do_discover()
            self.do_provision()
        self.net.arrive(self)
        super().do_deploy()

    def do_set(self, name: str, old: Value, new: Value) -> None:
        """Become a router, or no longer; give up routes, or take them."""
        if name == "forwarding":
            self.net.lab.set_forwarding(self.lab_name, bool(new))
        if name in ("forwarding", "routes"):
            self.net.publish(changed={(self.guid, name): new})

    def do_fail(self) -> None:
        """Others may have waited for us in order to be plugged in together."""
        super().do_fail()
        self.net.settle(self)

    def do_release(self) -> object:
        """Take the namespace away, with all that runs in it."""
        if self._host is not None:
            self.net.remove_host(self)
        released = super().do_release()
        self.net.settle(self)
        return released
