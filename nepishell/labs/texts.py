"""`${name}` in the texts of a lab: finding the names, putting a student's values in their place.

`${net.1}` is the first address of a host in the network `${net}`; `$${name}` stays `${name}`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network

#: Names of labs, steps, checks and parameters.
NAME = re.compile(r"[A-Za-z0-9_][\w-]*")
_PLACE = re.compile(r"(\$?)\$\{([^{}\s]+)\}")


def names_in(text: str) -> set[str]:
    """The names of parameters in *text*."""
    return {match[2].partition(".")[0] for match in _PLACE.finditer(text) if not match[1]}


def unknown_names(text: str, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """("line:column", name) of each name in *text* that is not *known*."""
    names = set(known)
    for match in _PLACE.finditer(text):
        name = match[2].partition(".")[0]
        if not match[1] and name not in names:
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
            yield f"{line}:{column}", name


def fill(text: str, values: Mapping[str, str]) -> str:
    """*text* with values in place of their names; names that have none stay as they are."""

    def instead(match: re.Match[str]) -> str:
        if match[1]:
            return match[0][1:]
        return value_of(match[2], values) or match[0]

    return _PLACE.sub(instead, text)


def value_of(name: str, values: Mapping[str, str]) -> str:
    """The value of `name`, or of `name.3`, the third host of a network; '' where there is none."""
    base, dot, number = name.partition(".")
    value = values.get(base, "")
    if not dot or not value:
        return value
    try:
        network, host = ip_network(value), int(number)
    except ValueError:
        return ""
    return str(network[host]) if 0 <= host < network.num_addresses else ""
