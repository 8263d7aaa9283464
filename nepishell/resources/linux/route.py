"""A route of a node through one of its interfaces."""

from ipaddress import ip_address, ip_network

from nepishell.core.attributes import Attribute, Value
from nepishell.core.errors import BadValue, HostError, WrongState
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceState
from nepishell.resources.linux.device import NetworkPart
from nepishell.resources.linux.interface import Interface
from nepishell.resources.linux.tap import Tap
from nepishell.resources.local import LocalNode
from nepishell.resources.node import AbstractNode

_DEFAULT = "default"


def _checked_network(old: Value, new: Value) -> Value:
    if new and new != _DEFAULT:
        try:
            ip_network(str(new), strict=False)
        except ValueError:
            raise BadValue(f"'{new}' is not a network; write 10.1.0.0/16 or default") from None
    return new


def _checked_hop(old: Value, new: Value) -> Value:
    if new:
        try:
            ip_address(str(new))
        except ValueError:
            raise BadValue(f"'{new}' is not an address; write one as 10.9.0.2") from None
    return new


class Route(NetworkPart):
    """A route of a node through one of its interfaces."""

    rtype = "linux::Route"

    network = Attribute(
        required=True, set_hook=_checked_network, help="what is reached: 10.1.0.0/16, or default"
    )
    prefix = Attribute(help="length of the network's prefix, where network says none")
    nexthop = Attribute(
        set_hook=_checked_hop, help="the neighbour that takes packets on (default: they are there)"
    )

    device = Peer(
        "linux::Interface", "linux::Tap", min=1, max=1, help="the interface that packets leave by"
    )

    _added = False

    @property
    def node(self) -> AbstractNode:
        """Whose route it is."""
        device: Interface | Tap = self.device
        node: AbstractNode = device.node
        return node

    def tear_down_on(self) -> AbstractNode | None:
        """Its node, once the route is there."""
        return self.node if self._added else None

    def words(self) -> list[str]:
        """The route as ip(8) is told it. Raises BadValue."""
        network = self.network
        if network != _DEFAULT:
            if self.prefix and "/" not in network:
                network = f"{network}/{self.prefix}"
            try:
                network = str(ip_network(network, strict=False))
            except ValueError:
                raise BadValue(
                    f"{self.name}: '{self.prefix}' is not a length of a prefix"
                ) from None
        via = ["via", self.nexthop] if self.nexthop else []
        return [network, *via, "dev", self.device.deviceName]

    def do_deploy(self) -> None:
        """Add it; where its device comes with a tunnel's start, it is added after that."""
        self._refuse_harm()
        if self.device.exists:
            self._add()
        super().do_deploy()

    def do_resume(self, acts: dict[str, str]) -> None:
        """Know whether it was added; raises HostError when it is gone."""
        super().do_resume(acts)
        if self.state is ResourceState.STOPPED:
            self._undo.clear()
        self._added = bool(self._undo)
        if self._added and not self.must(
            self.node, *self._family(), "route", "show", *self.words()
        ):
            raise HostError(f"{self.node.name} has no route to {self.network} any more")

    def do_start(self) -> object:
        """Add it, if that was not possible before."""
        if not self._added:
            self._add()
        return super().do_start()

    def do_stop(self) -> object:
        """Remove it."""
        self._added = False
        self.take_back()
        return super().do_stop()

    def _family(self) -> list[str]:
        return ["-6"] if ":" in f"{self.network}{self.nexthop}" else []

    def _add(self) -> None:
        if not self.device.exists:
            raise WrongState(
                f"{self.device.name} is not there yet: start {self.name} after its tunnel STARTED"
            )
        words = self.words()
        self.change(self.node, ["route", "add", *words], ["route", "del", *words])
        self._added = True

    def _refuse_harm(self) -> None:
        if isinstance(self.node, LocalNode) and (
            self.network in (_DEFAULT, "0.0.0.0/0", "::/0") or not isinstance(self.device, Tap)
        ):
            raise BadValue(
                f"{self.name} would cut this machine off: on a local::Node only routes to a "
                f"network through a linux::Tap or linux::Tun are set"
            )
