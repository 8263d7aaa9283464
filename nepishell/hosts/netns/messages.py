"""What we ask of rtnetlink, one function per request; see netlink.py for how it is sent.

Links are named by index, and we choose the indexes of what we create (the kernel allows it), so
nothing has to be listed or looked up.
"""

import socket
import struct

from nepishell.hosts.netns.netlink import (
    APPEND,
    CREATE,
    EXCL,
    REPLACE,
    Message,
    attr,
    attr_text,
    attr_u8,
    attr_u32,
)

_NEWLINK, _DELLINK, _GETLINK = 16, 17, 18
_NEWADDR, _DELADDR, _NEWROUTE, _DELROUTE, _NEWNEIGH = 20, 21, 24, 25, 28

_ADDRESS, _IFNAME, _MTU, _MASTER, _LINKINFO = 1, 3, 4, 10, 18
_GROUP, _NET_NS_FD, _EXT_MASK, _NEW_IFINDEX = 27, 28, 29, 49
_INFO_KIND, _INFO_DATA, _VETH_PEER = 1, 2, 1
_BR_FORWARD_DELAY, _BR_STP, _BR_SNOOPING = 1, 5, 23
_VX_ID, _VX_GROUP, _VX_LOCAL, _VX_LEARNING, _VX_PORT, _VX_GROUP6, _VX_LOCAL6 = (
    1,
    2,
    4,
    7,
    15,
    16,
    17,
)
_AF_BRIDGE, _NTF_SELF, _PERMANENT = 7, 2, 0xC0

_IFF_UP = 1
_IFF_ALL = 0xFFFFFFFF
_NODAD = 0x02
_TABLE_MAIN, _PROTO_STATIC, _UNICAST = 254, 4, 1
_SCOPE_GLOBAL, _SCOPE_LINK = 0, 253

_IFINFO = struct.Struct("=BxHlLL")


class BadAddress(Exception):
    """A text that is no address or network."""


def _ifinfo(index: int = 0, *, up: bool | None = None) -> bytes:
    if up is None:
        return _IFINFO.pack(0, 0, index, 0, 0)
    return _IFINFO.pack(0, 0, index, _IFF_UP if up else 0, _IFF_UP)


def mac_bytes(text: str) -> bytes:
    """The six bytes of "02:00:00:00:00:01"; raises BadAddress."""
    try:
        found = bytes.fromhex(text.replace(":", ""))
    except ValueError:
        found = b""
    if len(found) != 6 or text.count(":") != 5:
        raise BadAddress(f"'{text}' is not a MAC address; write six bytes, as in 02:00:00:00:00:01")
    return found


class Cidr:
    """An address with its prefix length: "10.0.1.1/24", "fd00::1/64", or without a prefix."""

    __slots__ = ("family", "packed", "prefix", "text")

    def __init__(self, text: str) -> None:
        host, _, length = text.partition("/")
        self.text = text
        self.family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self.packed = socket.inet_pton(self.family, host)
            self.prefix = int(length) if length else len(self.packed) * 8
        except (OSError, ValueError):
            raise BadAddress(f"'{text}' is not an address; write one as 10.0.1.1/24") from None
        if not 0 <= self.prefix <= len(self.packed) * 8:
            raise BadAddress(f"'{text}' has a prefix of {self.prefix} bits: too many")

    @property
    def is_ipv6(self) -> bool:
        return self.family == socket.AF_INET6

    @property
    def network(self) -> bytes:
        """The address with its host bits cleared."""
        bits = len(self.packed) * 8
        mask = (1 << bits) - (1 << (bits - self.prefix))
        return (int.from_bytes(self.packed, "big") & mask).to_bytes(len(self.packed), "big")

    @property
    def broadcast(self) -> bytes | None:
        """The IPv4 broadcast address, where the network has one."""
        if self.family != socket.AF_INET or self.prefix > 30:
            return None
        hosts = (1 << (32 - self.prefix)) - 1
        return (int.from_bytes(self.packed, "big") | hosts).to_bytes(4, "big")


def link_local(mac: bytes) -> Cidr:
    """The IPv6 link-local address that belongs to a MAC address."""
    packed = b"\xfe\x80" + bytes(6) + bytes((mac[0] ^ 2,)) + mac[1:3] + b"\xff\xfe" + mac[3:]
    return Cidr(socket.inet_ntop(socket.AF_INET6, packed) + "/64")


def veth(
    *,
    what: str,
    index: int,
    name: str,
    peer_ns: int,
    peer_index: int,
    peer_name: str,
    peer_mac: bytes,
    peer_mtu: int,
    mac: bytes = b"",
    mtu: int = 1500,
    master: int = 0,
    up: bool = True,
    group: int = 0,
) -> Message:
    """A pair of devices, one end here, the other made directly in *peer_ns* (a descriptor).

    The peer is down: it cannot come up before the pair is complete.
    """
    peer = (
        _ifinfo(peer_index)
        + attr_text(_IFNAME, peer_name)
        + attr(_ADDRESS, peer_mac)
        + attr_u32(_MTU, peer_mtu)
        + attr_u32(_NET_NS_FD, peer_ns)
    )
    info = attr(_INFO_KIND, b"veth") + attr(_INFO_DATA, attr(_VETH_PEER, peer))
    body = _ifinfo(index, up=up) + attr_text(_IFNAME, name) + attr_u32(_MTU, mtu)
    if mac:
        body += attr(_ADDRESS, mac)
    if master:
        body += attr_u32(_MASTER, master)
    if group:
        body += attr_u32(_GROUP, group)
    return Message(_NEWLINK, CREATE | EXCL, body + attr(_LINKINFO, info), what)


def bridge(*, what: str, index: int, name: str, up: bool, group: int) -> Message:
    """A bridge that forwards at once: no spanning tree, no learning delay, no snooping."""
    data = attr_u32(_BR_FORWARD_DELAY, 0) + attr_u32(_BR_STP, 0) + attr_u8(_BR_SNOOPING, 0)
    info = attr(_INFO_KIND, b"bridge") + attr(_INFO_DATA, data)
    body = _ifinfo(index, up=up) + attr_text(_IFNAME, name) + attr_u32(_GROUP, group)
    return Message(_NEWLINK, CREATE | EXCL, body + attr(_LINKINFO, info), what)


def vxlan(
    *,
    what: str,
    index: int,
    name: str,
    target_ns: int,
    number: int,
    port: int,
    mtu: int,
    local: str = "",
    remote: str = "",
    mac: bytes = b"",
    master: int = 0,
    group: int = 0,
) -> Message:
    """A tunnel of frames made in *target_ns*; its packets travel where it is asked for (RFC 7348).

    With a *remote* everything goes there; without one it learns who is where, see flood().
    """
    data = attr_u32(_VX_ID, number) + attr(_VX_PORT, port.to_bytes(2, "big"))
    data += attr_u8(_VX_LEARNING, 0 if remote else 1)
    for text, old, new in ((remote, _VX_GROUP, _VX_GROUP6), (local, _VX_LOCAL, _VX_LOCAL6)):
        if text:
            cidr = Cidr(text)
            data += attr(new if cidr.is_ipv6 else old, cidr.packed)
    info = attr(_INFO_KIND, b"vxlan") + attr(_INFO_DATA, data)
    body = _ifinfo(index, up=True if master or group else None)
    body += attr_text(_IFNAME, name) + attr_u32(_MTU, mtu) + attr_u32(_NET_NS_FD, target_ns)
    if mac:
        body += attr(_ADDRESS, mac)
    if master:
        body += attr_u32(_MASTER, master)
    if group:
        body += attr_u32(_GROUP, group)
    return Message(_NEWLINK, CREATE | EXCL, body + attr(_LINKINFO, info), what)


def flood(what: str, index: int, remote: str) -> Message:
    """Frames for nobody in particular leave a tunnel for *remote*, too."""
    body = struct.pack("=BxxxlHBB", _AF_BRIDGE, index, _PERMANENT, _NTF_SELF, 0)
    body += attr(2, bytes(6)) + attr(1, Cidr(remote).packed)
    return Message(_NEWNEIGH, CREATE | APPEND, body, what)


def set_link(
    what: str,
    index: int,
    *,
    up: bool | None = None,
    mtu: int | None = None,
    mac: bytes = b"",
    group: int | None = None,
    name: str = "",
) -> Message:
    """Change a device: only what is given."""
    body = _ifinfo(index, up=up)
    if mtu is not None:
        body += attr_u32(_MTU, mtu)
    if mac:
        body += attr(_ADDRESS, mac)
    if group is not None:
        body += attr_u32(_GROUP, group)
    if name:
        body += attr_text(_IFNAME, name)
    return Message(_NEWLINK, 0, body, what)


def sync_link(what: str, index: int) -> Message:
    """Have the kernel act now on a carrier that came, which it would do a few ms later.

    So does a look at the link since Linux 6.9; before, it is only a look.
    """
    skip_statistics = attr_u32(_EXT_MASK, 1 << 3)
    return Message(_GETLINK, 0, _ifinfo(index) + skip_statistics, what)


def move_link(what: str, index: int, *, target_ns: int, name: str, new_index: int) -> Message:
    """Take a device to another namespace under another name; it arrives down, without addresses."""
    body = _ifinfo(index) + attr_u32(_NET_NS_FD, target_ns) + attr_text(_IFNAME, name)
    return Message(_NEWLINK, 0, body + attr_u32(_NEW_IFINDEX, new_index), what)


def delete_link(what: str, index: int) -> Message:
    """Remove a device (a pair goes with either end)."""
    return Message(_DELLINK, 0, _ifinfo(index), what)


def delete_group(what: str, group: int) -> Message:
    """Remove all devices of a group at the price of one."""
    return Message(_DELLINK, 0, _ifinfo() + attr_u32(_GROUP, group), what)


def address(what: str, index: int, cidr: Cidr, *, add: bool = True) -> Message:
    """Give a device an address or take it. IPv6 without duplicate detection: we chose them all."""
    scope = _SCOPE_LINK if cidr.packed[:2] == b"\xfe\x80" else _SCOPE_GLOBAL
    flags = _NODAD if cidr.family == socket.AF_INET6 else 0
    body = struct.pack("=BBBBL", cidr.family, cidr.prefix, flags, scope, index)
    body += attr(2, cidr.packed) + attr(1, cidr.packed)
    if broadcast := cidr.broadcast:
        body += attr(4, broadcast)
    if add:
        return Message(_NEWADDR, CREATE | REPLACE, body, what)
    return Message(_DELADDR, 0, body, what)


def route(what: str, network: str, via: str, *, add: bool = True) -> Message:
    """Send packets for *network* ("default" for all) to the neighbour *via*, or no longer."""
    gateway = Cidr(via)
    if network == "default":
        length, target = 0, b""
    else:
        cidr = Cidr(network)
        if cidr.family != gateway.family:
            raise BadAddress(f"route to {network} via {via}: mixes IPv4 and IPv6")
        length, target = cidr.prefix, cidr.network
    body = struct.pack(
        "=BBBBBBBBL", gateway.family, length, 0, 0, _TABLE_MAIN, _PROTO_STATIC, 0, _UNICAST, 0
    )
    if length:
        body += attr(1, target)
    body += attr(5, gateway.packed)
    if add:
        return Message(_NEWROUTE, CREATE | REPLACE, body, what)
    return Message(_DELROUTE, 0, body, what)
