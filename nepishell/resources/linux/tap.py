"""Virtual interfaces of a node: what is sent into them, a tunnel or a program takes.

The device is made at deployment and gone after release. One that stands at the end of a GRE tunnel
is made by the tunnel, because there the kernel's device is the tunnel itself.
"""

from ipaddress import ip_address
from typing import ClassVar

from nepishell.core.attributes import Attribute, Flags, Value
from nepishell.core.errors import BadValue, HostError
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceState
from nepishell.resources.linux.device import NetworkPart
from nepishell.resources.linux.gre import gre_words
from nepishell.resources.node import AbstractNode

#: What fits into a path of 1500 bytes with the headers of any of our tunnels, over IPv6 too.
TUNNELLED_MTU = 1420
#: How many names are tried before we give up.
_NAMES = 10


def _checked_address(old: Value, new: Value) -> Value:
    address, slash, prefix = str(new or "").partition("/")
    if not address:
        return new
    try:
        version = ip_address(address).version
    except ValueError:
        raise BadValue(f"'{new}' is not an address; write one as 10.9.0.1 or fd00::1") from None
    if slash and not (prefix.isdigit() and int(prefix) <= (32 if version == 4 else 128)):
        raise BadValue(f"'{new}': '{prefix}' is not a length of a prefix")
    return new


class Tap(NetworkPart):
    """A virtual Ethernet interface of a node, for a tunnel or a program that reads its frames."""

    rtype = "linux::Tap"
    mode: ClassVar[str] = "tap"

    ip_ = Attribute(set_hook=_checked_address, help="its address, as in 10.9.0.1 or 10.9.0.1/24")
    prefix = Attribute(help="length of the network's prefix, as in 24")
    mac = Attribute(help="hardware address, as in 02:00:00:00:00:01 (a Tun has none)")
    mtu = Attribute(
        int, min=68, max=65535, live=True,
        help=f"largest packet, bytes (default: {TUNNELLED_MTU} with a tunnel, else 1500)",
    )  # fmt: skip
    deviceName = Attribute(flags=Flags.NoWrite, help="its name on the node: tap or tun, and a guid")
    up = Attribute(bool, default=True, live=True, help="whether it is switched on")
    pointopoint = Attribute(set_hook=_checked_address, help="address of the other end")
    txqueuelen = Attribute(help="packets that may wait to be taken")
    greKey = Attribute(default="1", help="what tells GRE tunnels between the same hosts apart")
    greRemote = Attribute(
        help="address of a far end that this experiment does not make: the device is a GRE tunnel"
    )
    pi = Attribute(bool, default=False, help="whether a program gets 4 bytes before each packet")

    node = Peer("abstract::Node", min=1, max=1, help="whose interface it is")
    tunnel = Peer("abstract::linux::Tunnel", needs={}, help="where it leads")
    routes = Peer("linux::Route", max=None, needs={}, help="what is reached through it")

    #: whether the kernel has the device now
    exists = False

    def tear_down_on(self) -> AbstractNode | None:
        """Its node, once the device is there."""
        return self.node if self.exists else None

    def do_deploy(self) -> None:
        """Make the device, unless its tunnel will."""
        self.address_words()
        self.set("deviceName", self._free_name())
        if self.greRemote:
            self.make_gre(self.greRemote)
        elif self.tunnel is None or not self.tunnel.makes_devices:
            self._make()
        super().do_deploy()

    def do_set(self, name: str, old: Value, new: Value) -> None:
        """Change it while it is used."""
        if not self.exists:
            return
        if name == "mtu" and new is not None:
            self.must(self.node, "link", "set", "dev", self.deviceName, "mtu", str(new))
        elif name == "up":
            self.must(self.node, "link", "set", "dev", self.deviceName, "up" if new else "down")

    def do_resume(self, acts: dict[str, str]) -> None:
        """Find the device again; raises HostError when it is gone."""
        super().do_resume(acts)
        if not self._undo:
            return
        self.exists = not self.ip(self.node, "link", "show", "dev", self.deviceName).status
        if self.exists:
            return
        self._undo.clear()
        by_tunnel = self.tunnel is not None and self.tunnel.makes_devices
        if self.state < ResourceState.STOPPED and not by_tunnel:
            raise HostError(f"{self.node.name} has no {self.deviceName} any more")

    def do_release(self) -> object:
        """Take the device away."""
        try:
            return super().do_release()
        finally:
            self.exists = False

    def make_gre(self, remote: str, local: str = "") -> None:
        """Make the device as the end of a GRE tunnel to the address *remote*. Raises HostError."""
        words = gre_words(self.deviceName, self.mode, remote, local, self.greKey)
        self._add(words)

    def take_away(self) -> None:
        """Undo make_gre(), while the rest of it stays."""
        self.exists = False
        self.take_back()

    def address_words(self) -> list[str]:
        """How ip(8) is told the address; [] without one. Raises BadValue."""
        address, _, length = (self.ip_ or "").partition("/")
        if not address:
            return []
        length = length or self.prefix or ("32" if self.pointopoint else "")
        if not length:
            raise BadValue(f"{self.name} has the address {address} without a prefix; set prefix 24")
        _checked_address(None, f"{address}/{length}")
        if self.pointopoint:
            return [address, "peer", f"{self.pointopoint.partition('/')[0]}/{length}"]
        # nobody else has it: we chose both ends
        return [f"{address}/{length}", *(["nodad"] if ":" in address else [])]

    def _make(self) -> None:
        words = ["tuntap", "add", "dev", self.deviceName, "mode", self.mode]
        if self.node.elevate(["true"], {}) != ["true"]:
            # so that the end of the tunnel needs no rights of root
            words += ["user", str(self.node.system.user)]
        self._add([*words, "pi"] if self.pi else words)

    def _add(self, words: list[str]) -> None:
        name: str = self.deviceName
        self.change(self.node, words, ["link", "del", "dev", name])
        self.exists = True
        self._configure(name)

    def _configure(self, name: str) -> None:
        mtu = self.mtu or (TUNNELLED_MTU if self.tunnel is not None else None)
        settings = [("address", self.mac), ("mtu", mtu), ("txqueuelen", self.txqueuelen)]
        words = [word for key, value in settings if value for word in (key, str(value))]
        if words:
            self.must(self.node, "link", "set", "dev", name, *words)
        if self.up:
            self.must(self.node, "link", "set", "dev", name, "up")
        if address := self.address_words():
            self.must(self.node, "addr", "add", *address, "dev", name)

    def _free_name(self) -> str:
        """A name that no device of the node has: others may work on the same machine."""
        if self.mac and self.mode == "tun":
            raise BadValue(f"{self.name} is a Tun: it carries packets without a hardware address")
        plain = f"{self.mode}{self.guid}"
        for name in [plain, *(f"{plain}-{n}" for n in range(1, _NAMES))]:
            if self.ip(self.node, "link", "show", "dev", name).status:
                return name
        raise HostError(f"{self.node.name} has {plain} and {_NAMES - 1} more of that name already")


class Tun(Tap):
    """A virtual interface of a node that carries IP packets, for a tunnel or a program."""

    rtype = "linux::Tun"
    mode = "tun"
