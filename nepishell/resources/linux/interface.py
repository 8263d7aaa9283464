"""An interface that a node has: found by name or address, changed, and put back as it was."""

import json
from dataclasses import asdict, dataclass
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any, ClassVar

from nepishell.core.attributes import Attribute, Value
from nepishell.core.errors import BadValue, HostError, NepishellError
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceState
from nepishell.resources.linux.device import NetworkPart
from nepishell.resources.local import LocalNode
from nepishell.resources.node import AbstractNode

#: What is intended when it was found: the text is how, as JSON.
FOUND = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An interface as the kernel has it; *addresses* with the lengths of their prefixes."""

    name: str
    mac: str
    mtu: int
    up: bool
    loopback: bool
    addresses: tuple[str, ...]

    def has(self, address: str) -> bool:
        """Whether it has this address, however long its prefix."""
        return any(
            ip_address(own.partition("/")[0]) == ip_address(address) for own in self.addresses
        )


def parse_interfaces(text: str) -> list[Found]:
    """What `ip -json address` says."""
    return [
        Found(
            name=entry["ifname"],
            mac=entry.get("address", ""),
            mtu=entry.get("mtu", 0),
            up="UP" in entry.get("flags", ()),
            loopback="LOOPBACK" in entry.get("flags", ()),
            addresses=tuple(
                f"{a['local']}/{a['prefixlen']}" for a in entry.get("addr_info", ()) if "local" in a
            ),
        )
        for entry in json.loads(text or "[]")
        if "ifname" in entry
    ]


def _checked(version: int) -> "type[_Address]":
    return type(f"_Address{version}", (_Address,), {"version": version})


class _Address:
    """A set_hook that refuses a wrong address when it is written."""

    version = 4

    def __call__(self, old: Value, new: Value) -> Value:
        if new:
            try:
                right = ip_address(str(new)).version == self.version
            except ValueError:
                right = False
            if not right:
                example = "10.0.1.1" if self.version == 4 else "fd00::1"
                raise BadValue(
                    f"'{new}' is not an IPv{self.version} address; write one as {example}"
                )
        return new


def mask_length(mask: str) -> int:
    """24 for "24", "/24" or "255.255.255.0"; raises BadValue."""
    try:
        return ip_network(f"0.0.0.0/{mask.removeprefix('/')}").prefixlen
    except ValueError:
        raise BadValue(f"'{mask}' is not a mask; write 24 or 255.255.255.0") from None


class Interface(NetworkPart):
    """An interface that the node has: found, given what you set, and put back at release."""

    rtype = "linux::Interface"
    made_at: ClassVar[ResourceState] = ResourceState.PROVISIONED

    deviceName = Attribute(help="its name on the node (default: found by address, or the first up)")
    ip4 = Attribute(set_hook=_checked(4)(), help="IPv4 address that it has, or shall have")
    mask4 = Attribute(help="24 or 255.255.255.0; needed to give it ip4")
    ip6 = Attribute(set_hook=_checked(6)(), help="IPv6 address that it has, or shall have")
    mask6 = Attribute(int, min=0, max=128, help="length of its prefix; needed to give it ip6")
    mac = Attribute(help="hardware address that it shall have")
    mtu = Attribute(int, min=68, max=65535, live=True, help="largest packet, bytes")
    up = Attribute(bool, live=True, help="whether it is switched on")

    node = Peer("abstract::Node", min=1, max=1, help="whose interface it is")
    channel = Peer("linux::Channel", help="the network that it is in")
    routes = Peer("linux::Route", max=None, needs={}, help="what is reached through it")

    #: whether it was found
    exists = False
    _before: Found | None = None

    def tear_down_on(self) -> AbstractNode | None:
        """Its node, once it was found."""
        return self.node if self.exists else None

    def do_discover(self) -> None:
        """Find it; what it has shows in the attributes. Raises HostError."""
        found = self._find()
        self._before = found
        self.ec.intend(self.guid, FOUND, json.dumps(asdict(found)))
        self.set("deviceName", found.name)
        for version, name, mask in ((4, "ip4", "mask4"), (6, "ip6", "mask6")):
            wanted = self.get(name)
            for own in map(ip_interface, found.addresses):
                if own.version == version and wanted in (None, str(own.ip)):
                    self.set(name, str(own.ip))
                    self.set(mask, str(own.network.prefixlen))
                    break
        super().do_discover()

    def do_provision(self) -> None:
        """Give it what was asked. Raises HostError."""
        self._refuse_harm({name: self.get(name) for name in ("mac", "up", "mtu")})
        self.exists = True
        found = self._before
        assert found is not None  # discovery comes first
        dev = "dev", found.name
        if self.mac and self.mac.lower() != found.mac.lower():
            self.change(self.node, ["link", "set", *dev, "address", self.mac],
                        ["link", "set", *dev, "address", found.mac])  # fmt: skip
        for name in ("mtu", "up"):
            if self.get(name) is not None:
                self._apply(name, self.get(name))
        for address, mask in ((self.ip4, self._length4()), (self.ip6, self.mask6)):
            if address and not found.has(address):
                self._add_address(address, mask)
        super().do_provision()

    def do_set(self, name: str, old: Value, new: Value) -> None:
        """Change it while it is used; release puts it back as it was found."""
        if self.exists and new is not None:
            self._refuse_harm({name: new})
            self._apply(name, new)

    def do_resume(self, acts: dict[str, str]) -> None:
        """Know again how it was found; raises HostError when the node has it no more."""
        before: dict[str, Any] | None = json.loads(acts.get(FOUND, "null"))
        if before is not None:
            self._before = Found(**{**before, "addresses": tuple(before["addresses"])})
        super().do_resume(acts)
        self.exists = self.made_at <= self.state < ResourceState.RELEASED
        if self.exists and self.ip(self.node, "link", "show", "dev", self.deviceName).status:
            self._undo.clear()
            raise HostError(f"{self.node.name} has no interface '{self.deviceName}' any more")

    def do_release(self) -> object:
        """Put it back as it was."""
        try:
            return super().do_release()
        finally:
            self.exists = False

    def _length4(self) -> int | None:
        return None if self.mask4 is None else mask_length(self.mask4)

    def _apply(self, name: str, value: Value) -> None:
        found = self._before
        assert found is not None
        dev = "link", "set", "dev", found.name
        if name == "mtu":
            wanted, before = ["mtu", str(value)], ["mtu", str(found.mtu)]
        elif name == "up":
            wanted, before = ["up" if value else "down"], ["up" if found.up else "down"]
        else:
            return
        undo = [*dev, *before]
        if (self.node, tuple(undo)) in self._undo:
            self.must(self.node, *dev, *wanted)
        elif wanted != before:
            self.change(self.node, [*dev, *wanted], undo)

    def _add_address(self, address: str, length: int | None) -> None:
        version = ip_address(address).version
        if length is None:
            raise BadValue(f"{self.name}: {address} is new on {self.deviceName}; set mask{version}")
        nodad = ["nodad"] if version == 6 else []
        where = [f"{address}/{length}", "dev", self.deviceName]
        self.change(self.node, ["addr", "add", *where, *nodad], ["addr", "del", *where])

    def _find(self) -> Found:
        there = parse_interfaces(self.must(self.node, "-json", "address", "show"))
        names = ", ".join(found.name for found in there)
        if self.deviceName:
            for found in there:
                if found.name == self.deviceName:
                    return found
            raise HostError(
                f"{self.node.name} has no interface '{self.deviceName}': it has {names}"
            )
        wanted = [address for address in (self.ip4, self.ip6) if address]
        if wanted:
            for found in there:
                if any(found.has(address) for address in wanted):
                    return found
            raise HostError(
                f"no interface of {self.node.name} has {' or '.join(wanted)}; to give the address "
                f"to one, set deviceName to one of {names}"
            )
        for found in there:
            if found.up and not found.loopback:
                return found
        raise HostError(f"{self.node.name} has no interface that is up: it has {names}")

    def _refuse_harm(self, changes: dict[str, Value]) -> None:
        """Raise when a change would cut us off from the node."""
        wanted = [name for name, value in changes.items() if value is not None]
        if isinstance(self.node, LocalNode) and wanted:
            raise NepishellError(
                f"{self.name} belongs to this machine: {wanted[0]} of it is not changed"
            )
        found = self._before
        if found is None or (changes.get("up") is not False and not changes.get("mac")):
            return
        ssh = self.node.host.run(["sh", "-c", 'echo "$SSH_CONNECTION"']).stdout.split()
        if len(ssh) == 4 and found.has(ssh[2].partition("%")[0]):
            raise NepishellError(
                f"{self.deviceName} is how we reach {self.node.name}: it is neither switched off "
                f"nor given another mac"
            )
