"""Few routes instead of many: what goes the same way is said once, exceptions more precisely.

Draves et al., Constructing Optimal IP Routing Tables, INFOCOM 1999, on the parts of the address
space that are given out without a gap: a route never covers an address that nobody has, or two
routers could pass packets for it to and fro.
"""

from collections.abc import Hashable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network

Network = IPv4Network | IPv6Network


class Prefixes:
    """The networks that there are, as trees; made once, asked for each router."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._leaves = len(networks)
        found: list[tuple[int, int, int]] = [
            (net.version, net.prefixlen, int(net.network_address)) for net in networks
        ]
        self._children: list[tuple[int, int]] = []
        known = {key: number for number, key in enumerate(found)}
        self._has_parent = [False] * len(found)
        longest = max((length for _, length, _ in found), default=0)
        for length in range(longest, 0, -1):
            for version, _, address in [key for key in known if key[1] == length]:
                self._pair(known, found, version, length, address)
        #: how each tree node is written; of the given ones as they were
        self._texts = [
            *map(str, networks),
            *(_text(*key) for key in found[self._leaves :]),
        ]

    def _pair(
        self,
        known: dict[tuple[int, int, int], int],
        found: list[tuple[int, int, int]],
        version: int,
        length: int,
        address: int,
    ) -> None:
        """A node above two networks that lie side by side."""
        bit = 1 << ((32 if version == 4 else 128) - length)
        other = known.get((version, length, address | bit))
        if address & bit or other is None or (version, length - 1, address) in known:
            return
        key = (version, length - 1, address)
        one = known[version, length, address]
        known[key] = len(found)
        found.append(key)
        self._children.append((one, other))
        self._has_parent[one] = self._has_parent[other] = True
        self._has_parent.append(False)

    def merged(
        self, ways: Mapping[int, Hashable], own: frozenset[int]
    ) -> list[tuple[str, Hashable]]:
        """(network, way) for the networks, by their number, that have *ways*; few of them.

        *own*: networks that need no route: any that covers them may. Those in neither have none,
        and no route covers them.
        """
        bits: dict[Hashable, int] = {}
        sets = [0] * len(self._texts)
        for number, way in ways.items():
            sets[number] = bits.setdefault(way, 1 << len(bits))
        everything = (1 << len(bits)) - 1
        for number in own:
            sets[number] = everything
        for number, (one, other) in enumerate(self._children, self._leaves):
            left, right = sets[one], sets[other]
            if left and right:
                sets[number] = (left & right) or (left | right)
        return self._written(sets, own, list(bits))

    def _written(
        self, sets: list[int], own: frozenset[int], ways: list[Hashable]
    ) -> list[tuple[str, Hashable]]:
        """From the top: what is not what the network above goes by is said."""
        above = [0] * len(sets)
        said: list[tuple[int, int]] = []
        for number in range(len(sets) - 1, -1, -1):
            chosen = above[number]
            if not chosen & sets[number] and number not in own:
                chosen = sets[number] & -sets[number]
                if chosen:
                    said.append((number, chosen.bit_length() - 1))
            if number >= self._leaves:
                one, other = self._children[number - self._leaves]
                above[one] = above[other] = chosen
        return [(self._texts[number], ways[way]) for number, way in reversed(said)]


def _text(version: int, length: int, address: int) -> str:
    kind = IPv4Network if version == 4 else IPv6Network
    return str(kind((address, length)))
