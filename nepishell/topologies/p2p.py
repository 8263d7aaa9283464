"""Networks of two addresses each, cut one after the other out of a large one.

IPv4 links get /30 as in NEPI, or /31 (RFC 3021); IPv6 links /127 (RFC 6164).
"""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

from nepishell.core.errors import BadValue

#: IP version -> prefix lengths that a network of two ends may have, the default first.
LENGTHS = {4: (30, 31), 6: (127, 126)}


class PairNet(NamedTuple):
    """The network of one link: an address for each end."""

    first: str
    second: str
    mask: str
    network: str
    prefixlen: int


def pair_networks(
    network: str, prefix: int, version: int = 4, length: int | None = None
) -> Iterator[PairNet]:
    """Networks of *length* bits (default: /30 or /127) out of *network*/*prefix*, in order.

    Raises BadValue for what is no network of that version, or has no room for such networks.
    """
    if version not in LENGTHS:
        raise BadValue(f"there is no IP version {version}; use 4 or 6")
    chosen = LENGTHS[version][0] if length is None else length
    if chosen not in LENGTHS[version]:
        known = " or ".join(f"/{each}" for each in LENGTHS[version])
        raise BadValue(f"a link of IPv{version} cannot have a /{chosen} network; use {known}")
    try:
        block = ip_network(f"{network}/{prefix}", strict=False)
    except ValueError:
        raise BadValue(f"'{network}/{prefix}' is not a network; write it as 10.0.0.0, 8") from None
    if block.version != version:
        raise BadValue(f"{block} is not an IPv{version} network")
    if block.prefixlen > chosen:
        raise BadValue(f"{block} has no room for /{chosen} networks; use a larger one")
    return _pairs(block, chosen)


def _pairs(block: IPv4Network | IPv6Network, length: int) -> Iterator[PairNet]:
    for subnet in block.subnets(new_prefix=length):
        # in a network of four the first and the last are no hosts
        first = 1 if length in (30, 126) else 0
        yield PairNet(
            str(subnet[first]),
            str(subnet[first + 1]),
            str(subnet.netmask),
            str(subnet.network_address),
            length,
        )
