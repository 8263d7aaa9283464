"""An interface with properties that the user names; without one, everything comes by itself."""

from nepishell.core.addressing import NO_ADDRESS, parse_address
from nepishell.core.attributes import Attribute, Value
from nepishell.core.errors import WrongState
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceState
from nepishell.resources.netns.part import INTERFACE, LabPart


class Checked:
    """A set_hook that refuses a wrong address when it is written, not when it is deployed."""

    def __init__(self, version: int, name: str) -> None:
        self.version, self.name = version, name

    def __call__(self, old: Value, new: Value) -> Value:
        if new not in (None, "", NO_ADDRESS):
            parse_address(str(new), self.version, self.name)
        return new


class Interface(LabPart):
    """An interface of a node, between it and a link or a switch, with addresses you name."""

    rtype = "netns::Interface"
    role = INTERFACE

    ip4 = Attribute(
        set_hook=Checked(4, "ip4"), help="IPv4 address, as in 10.0.1.1/24; none: no address"
    )
    ip6 = Attribute(
        set_hook=Checked(6, "ip6"), help="IPv6 address, as in fd00:1::1/64; none: no address"
    )
    mac = Attribute(help="hardware address, as in 02:00:00:00:00:01")
    name_ = Attribute(help="its name in the node (default: eth0, eth1, ... in order of connection)")
    mtu = Attribute(int, default=1500, min=68, max=65535, live=True, help="largest packet, bytes")
    up = Attribute(bool, default=True, live=True, help="whether it is switched on")

    node = Peer("netns::Node", min=1, max=1, help="whose interface it is")
    channel = Peer("netns::Link", "netns::Switch", max=1, needs={}, help="what it is plugged into")

    def do_deploy(self) -> None:
        """Plug into a switch that is there already; links and later switches come to us."""
        self.net.arrive(self)
        super().do_deploy()

    def do_resume(self, acts: dict[str, str]) -> None:
        """What it is plugged into finds it."""
        if self.state >= ResourceState.READY:
            self.net.recall_present(self)

    def do_set(self, name: str, old: Value, new: Value) -> None:
        """Apply a change to what is plugged in."""
        plugged = self.net.plugged(self)
        if plugged is None:
            return
        if name == "mtu":
            self.net.lab.set_port(plugged.host, plugged.ifname, mtu=int(str(new)))
        elif name == "up":
            self.net.lab.set_port(plugged.host, plugged.ifname, up=bool(new))

    def do_disconnect(self, guid: int) -> None:
        """A plugged interface stays with its node."""
        if self.node is not None and guid == self.node.guid and self.net.plugged(self):
            raise WrongState(f"{self.name} is plugged in; release it first")

    def do_release(self) -> object:
        """Unplug."""
        self.net.leave(self)
        return super().do_release()
