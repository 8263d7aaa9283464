"""Who has which address: the same description always gets the same, and a student can read them.

A segment is one link or one switch with its ports. The k-th segment is 10.0.k.0/24 (and
fd00:k::/64 where somebody asked for IPv6), its ports are .1, .2, ... in the order of connection.
What the user named is kept as it is; everything else goes round it. A plan that is extended
keeps what it gave before, so that a running lab never changes its addresses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import (
    IPv4Interface,
    IPv4Network,
    IPv6Interface,
    IPv6Network,
    ip_interface,
)
from itertools import count

from nepishell.core.errors import BadValue

#: Written instead of an address: this port gets none.
NO_ADDRESS = "none"

#: How many ports a /24 is planned for; a larger switch gets a larger network.
_PORTS_PER_BLOCK = 250
_POOL4 = 10 << 24  # 10.0.0.0/8, as blocks of 256: 10.0.1.0/24 has index 1
_LAST_INDEX = 0xFFFF

Network = IPv4Network | IPv6Network
Interface = IPv4Interface | IPv6Interface
PortKey = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortAsk:
    """One port of a segment: *key* is unique, *name* is for people ("h1.eth0").

    *ip4*, *ip6*: what the user named ("10.0.1.1/24"), "" for the next free one, "none" for none.
    *ipv6*: whether it gets an IPv6 address by itself.
    """

    key: PortKey
    name: str
    ip4: str = ""
    ip6: str = ""
    ipv6: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentAsk:
    """One link or switch with its ports in the order of connection; *network* named by the user."""

    key: int
    name: str
    ports: tuple[PortAsk, ...] = ()
    network: str = ""


@dataclass(frozen=True, slots=True)
class PortAddresses:
    """The addresses of one port with their prefix lengths; "" where it has none."""

    ip4: str = ""
    ip6: str = ""

    @property
    def cidrs(self) -> tuple[str, ...]:
        """Those it has, IPv4 first."""
        return tuple(address for address in (self.ip4, self.ip6) if address)

    @property
    def plain(self) -> tuple[str, ...]:
        """Those it has without prefix lengths, IPv4 first."""
        return tuple(address.partition("/")[0] for address in self.cidrs)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPlan:
    """The network of each segment and the addresses of each port."""

    networks4: dict[int, IPv4Network] = field(default_factory=dict)
    networks6: dict[int, IPv6Network] = field(default_factory=dict)
    ports: dict[PortKey, PortAddresses] = field(default_factory=dict)

    def remember(self, key: PortKey, cidrs: Sequence[str]) -> None:
        """A port that an earlier plan gave these addresses; its segment has their networks."""
        texts = ["", ""]
        for text in cidrs:
            address = ip_interface(text)
            texts[address.version == 6] = text
            if isinstance(address, IPv4Interface):
                self.networks4.setdefault(key[0], address.network)
            else:
                self.networks6.setdefault(key[0], address.network)
        self.ports[key] = PortAddresses(*texts)


def plan_addresses(segments: Sequence[SegmentAsk], kept: AddressPlan | None = None) -> AddressPlan:
    """Networks and addresses for *segments*, in their order; what *kept* gave to them stays.

    Raises BadValue for an address that is wrong, used twice, or in a network of another segment.
    """
    planner = _Planner(kept or AddressPlan())
    for step in (planner.reserve, planner.choose_networks, planner.number_ports):
        for segment in segments:
            step(segment)
    return planner.plan


def parse_network(text: str, name: str) -> IPv4Network:
    """The IPv4 network a user wrote for the segment *name*; raises BadValue."""
    try:
        network = IPv4Network(text)
    except ValueError:
        raise BadValue(
            f"network of {name}: '{text}' is not an IPv4 network; write it as in 10.0.5.0/24"
        ) from None
    if network.prefixlen < 8:
        raise BadValue(f"network of {name}: '{text}' is too large; use /8 or smaller")
    if network.prefixlen > 30:
        raise BadValue(f"network of {name}: '{text}' has no room for two hosts; use /30 or larger")
    return network


def parse_address(text: str, version: int, name: str) -> Interface:
    """The address a user wrote for the port *name*, /24 or /64 unless given; raises BadValue."""
    example = "10.0.1.1/24" if version == 4 else "fd00:1::1/64"
    default = "/24" if version == 4 else "/64"
    try:
        address: Interface | None = ip_interface(text if "/" in text else text + default)
    except ValueError:
        address = None
    if address is None or address.version != version:
        raise BadValue(f"{name}: '{text}' is not an IPv{version} address; write it as in {example}")
    network = address.network
    if address.is_multicast or address.is_loopback or address.is_unspecified:
        raise BadValue(f"{name}: '{text}' cannot be the address of a port; use one as {example}")
    if network.prefixlen < (8 if version == 4 else 48):
        raise BadValue(f"{name}: the network of '{text}' is too large; write it as in {example}")
    if network.num_addresses > 2 and version == 4:
        first, last = network.network_address, network.broadcast_address
        if address.ip in (first, last):
            kind = "network" if address.ip == first else "broadcast"
            raise BadValue(
                f"{name}: '{text}' is the {kind} address of {network}; "
                f"use one from {first + 1} to {last - 1}"
            )
    return address


class _Planner:
    """One pass over all segments; plan_addresses says the order of the steps."""

    def __init__(self, kept: AddressPlan) -> None:
        self.kept = kept
        self.plan = AddressPlan()
        self._fixed: dict[int, list[Network]] = {}  # by segment: named by the user or kept
        self._reserved: dict[int, list[tuple[Network, SegmentAsk]]] = {}  # by block
        self._owner: dict[str, str] = {}  # named address -> name of its port
        self._indices = count(1)

    def reserve(self, segment: SegmentAsk) -> None:
        """Take what the user named for *segment* and what it had, before anything is chosen."""
        own: list[Network] = []
        if segment.network:
            own.append(parse_network(segment.network, segment.name))
        for kept in (self.kept.networks4, self.kept.networks6):
            if segment.key in kept:
                own.append(kept[segment.key])
        for port in segment.ports:
            for address in _named_addresses(port):
                other = self._owner.setdefault(str(address.ip), port.name)
                if other != port.name:
                    raise BadValue(f"address {address.ip} is on both {other} and {port.name}")
                own.append(address.network)
        self._fixed[segment.key] = own
        for network in dict.fromkeys(own):
            for block in _blocks_of(network):
                self._reserve_block(block, network, segment)

    def _reserve_block(self, block: int, network: Network, segment: SegmentAsk) -> None:
        there = self._reserved.setdefault(block, [])
        for other, owner in there:
            if owner.key != segment.key and _overlap(network, other):
                raise BadValue(
                    f"network {network} of {segment.name} overlaps {other} of {owner.name}; "
                    f"each link and switch needs its own"
                )
        there.append((network, segment))

    def choose_networks(self, segment: SegmentAsk) -> None:
        """Give *segment* the first network fixed for it, or the next free block of the pool."""
        fixed = self._fixed[segment.key]
        index = 0
        network4 = next((net for net in fixed if isinstance(net, IPv4Network)), None)
        if network4 is None:
            blocks = 1
            while blocks * _PORTS_PER_BLOCK < len(segment.ports):
                blocks *= 2
            index = self._take_blocks(blocks)
            network4 = IPv4Network((_POOL4 + index * 256, 25 - blocks.bit_length()))
        self.plan.networks4[segment.key] = network4
        if any(port.ipv6 or port.ip6 not in ("", NO_ADDRESS) for port in segment.ports):
            network6 = next((net for net in fixed if isinstance(net, IPv6Network)), None)
            # the same number in both families: fd00:7::/64 goes with 10.0.7.0/24
            index = index or next(iter(_blocks_of(network4)), 0)
            self.plan.networks6[segment.key] = network6 or _network6(index or self._take_blocks(1))

    def _take_blocks(self, blocks: int) -> int:
        """The lowest index from which *blocks* aligned blocks of the pool are free; takes them."""
        candidates = self._indices if blocks == 1 else count(blocks, blocks)
        for index in candidates:
            if index + blocks > _LAST_INDEX:
                raise BadValue("10.0.0.0/8 has no free network left; name some with network=...")
            wanted = [block for k in range(index, index + blocks) for block in _pool_blocks(k)]
            if self._reserved.keys().isdisjoint(wanted):
                self._reserved.update((block, []) for block in wanted)
                return index
        raise AssertionError("count() never ends")

    def number_ports(self, segment: SegmentAsk) -> None:
        """Give each port what was named, what it had, or the next free number."""
        network4 = self.plan.networks4[segment.key]
        network6 = self.plan.networks6.get(segment.key)
        fixed = {port.key: self._fixed_addresses(port) for port in segment.ports}
        taken = {address for ports in fixed.values() for address in ports.plain}
        base = int(network4.network_address)
        free = (
            text
            for text in map(_text4, range(base + 1, int(network4.broadcast_address)))
            if text not in taken and not text.endswith((".0", ".255"))
        )
        for number, port in enumerate(segment.ports, 1):
            ip4, ip6 = fixed[port.key].ip4, fixed[port.key].ip6
            if not ip4 and port.ip4 != NO_ADDRESS:
                text = next(free, "")
                if not text:
                    raise BadValue(
                        f"{network4} of {segment.name} has no address left for {port.name}; "
                        f"name a larger one before deployment, as in network=10.5.0.0/16"
                    )
                ip4 = f"{text}/{network4.prefixlen}"
            if network6 is not None and port.ipv6 and not ip6 and port.ip6 != NO_ADDRESS:
                ip6 = _free6(network6, _number_of(ip4, network4) or number, taken)
            self.plan.ports[port.key] = PortAddresses(ip4, ip6)

    def _fixed_addresses(self, port: PortAsk) -> PortAddresses:
        old = self.kept.ports.get(port.key, PortAddresses())
        texts = [
            # an address that the port had may have been named for another port since
            kept if not named and kept.partition("/")[0] not in self._owner else ""
            for named, kept in ((port.ip4, old.ip4), (port.ip6, old.ip6))
        ]
        for address in _named_addresses(port):
            texts[address.version == 6] = str(address)
        return PortAddresses(*texts)


def _named_addresses(port: PortAsk) -> Iterator[Interface]:
    for version, text in ((4, port.ip4), (6, port.ip6)):
        if text not in ("", NO_ADDRESS):
            yield parse_address(text, version, port.name)


def _blocks_of(network: Network) -> range:
    """The parts of the address space that *network* touches: /24s, or /64s beyond them."""
    shift = 8 if network.version == 4 else 64
    first, last = int(network.network_address), int(network.broadcast_address)
    return range(first >> shift, (last >> shift) + 1)


def _pool_blocks(index: int) -> tuple[int, int]:
    """The blocks of the network number *index* of the pool, IPv4 and IPv6."""
    return (_POOL4 >> 8) + index, int(_network6(index).network_address) >> 64


def _overlap(one: Network, other: Network) -> bool:
    return one.version == other.version and one.overlaps(other)


def _text4(address: int) -> str:
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"


def _index_of(network: IPv4Network) -> int:
    """The number of a network of the pool; 0 for any other."""
    index = int(network.network_address) - _POOL4 >> 8
    return index if network.prefixlen <= 24 and 0 < index < _LAST_INDEX else 0


def _number_of(ip4: str, network: IPv4Network) -> int:
    """The place of an address in its network; 0 when it is not in it."""
    address = IPv4Interface(ip4 or "0.0.0.0").ip
    return int(address) - int(network.network_address) if address in network else 0


def _read_hex(number: int) -> int:
    """The number whose hexadecimal digits read like *number*: 12 -> 0x12."""
    return int(str(number), 16)


def _network6(index: int) -> IPv6Network:
    high, low = divmod(index, 10_000)
    return IPv6Network((0xFD00 << 112 | _read_hex(low) << 96 | _read_hex(high) << 80, 64))


def _free6(network: IPv6Network, number: int, taken: set[str]) -> str:
    for candidate in count(number):
        high, low = divmod(candidate, 10_000)
        address = str(network.network_address + (_read_hex(high) << 16 | _read_hex(low)))
        if address not in taken:
            taken.add(address)
            return f"{address}/{network.prefixlen}"
    raise AssertionError("count() never ends")
