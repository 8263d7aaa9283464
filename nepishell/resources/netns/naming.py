"""Names of interfaces and hardware addresses that a student can read: pure functions."""

from collections.abc import Mapping, Sequence
from itertools import count

from nepishell.core.errors import BadValue


def interface_names(
    node: str, wanted: Sequence[tuple[int, str]], kept: Mapping[int, str]
) -> dict[int, str]:
    """The interface of *node* towards each neighbour: eth0, eth1, ... in order of connection.

    *wanted*: (neighbour, name given by the user or "") in order; *kept*: names in use, which stay.
    Raises BadValue when the user gave one name twice.
    """
    names: dict[int, str] = {}
    taken: set[str] = set()
    for neighbour, given in wanted:
        name = given or kept.get(neighbour, "")
        if name in taken:
            raise BadValue(f"{node} has two interfaces named '{name}'; name one of them otherwise")
        if name:
            names[neighbour] = name
            taken.add(name)
    free = (name for number in count() if (name := f"eth{number}") not in taken)
    for neighbour, _ in wanted:
        if neighbour not in names:
            names[neighbour] = next(free)
    return names


def readable_mac(cidr: str) -> str:
    """A locally administered hardware address that shows the IPv4 address; "" without one."""
    if not cidr:
        return ""
    digits = cidr.partition("/")[0].split(".")
    return "02:00:" + ":".join(f"{int(digit):02x}" for digit in digits)
