"""Command lines of foreign files: what they configure is described, what only looks is kept.

A host of the lab sees the files of this machine, unlike a container: other programs are not
carried over, whatever they are, but named for the person to decide.
"""

from collections.abc import Sequence
from ipaddress import IPv4Interface

from nepishell.lang.lexer import quote
from nepishell.replay.foreign.network import Network

#: Programs that change nothing but the network of their own host.
HARMLESS = frozenset({"ping", "ping6", "traceroute", "tracepath", "arping"})
#: Those of them that go on until somebody is there to stop them.
ENDLESS = frozenset({"ping", "ping6", "arping"})
_ADDRESS = frozenset({"a", "ad", "add", "addr", "addre", "addres", "address"})
_ROUTE = frozenset({"r", "ro", "route"})
_LINK = frozenset({"l", "link"})
_FORWARDING = frozenset({"net.ipv4.ip_forward=1", "net.ipv4.conf.all.forwarding=1"})
_FORWARDING_FILE = "/proc/sys/net/ipv4/ip_forward"
#: Words of `ip` after which a file is read, or a program run.
_REFUSED = frozenset({"netns", "vrf", "-batch", "-b", "-force"})


def act(network: Network, node: str, argv: Sequence[str], line: int) -> bool:
    """Take over what *argv* does on *node*; False where it is left out. Raises RecipeError."""
    if not argv:
        return True
    program = argv[0].rpartition("/")[2]
    words = list(argv[1:])
    match program:
        case "ip":
            return _ip(network, node, words, line)
        case "ifconfig":
            return _ifconfig(network, node, words, line)
        case "route":
            return _route(network, node, words)
        case "sysctl" if _FORWARDING.intersection("".join(words).split("-w")):
            network.hosts[node].routes = True
            return True
        case "echo" if words == ["1", ">", _FORWARDING_FILE]:
            network.hosts[node].routes = True
            return True
    if program in HARMLESS:
        if program in ENDLESS and not any(word.startswith("-c") for word in words):
            words = ["-c", "3", *words]
        do(network, node, [program, *words])
        return True
    return False


def do(network: Network, node: str, argv: Sequence[str]) -> None:
    """Have *argv* done on *node* when all is deployed."""
    network.acts.append(f"exec {node} {' '.join(map(quote, argv))}")


def _ip(network: Network, node: str, words: list[str], line: int) -> bool:
    while words and words[0] == "-4":
        words.pop(0)
    if len(words) < 2 or not _REFUSED.isdisjoint(words) or words[0].startswith("-"):
        return False
    what, verb, rest = words[0], words[1], words[2:]
    if what in _ADDRESS and verb in ("a", "add"):
        return _address(network, node, rest, line)
    if what in _LINK and verb == "set":
        device = [word for word in rest if word not in ("dev", "up")]
        if "up" in rest and len(device) == 1:
            return network.find(node, device[0]) is not None or device == ["lo"]
    if what in _ROUTE and verb in ("a", "add", "replace", "del", "delete"):
        do(network, node, ["ip", "route", verb, *rest])
        return True
    return False


def _address(network: Network, node: str, rest: list[str], line: int) -> bool:
    if "dev" not in rest[:-1] or not rest:
        return False
    device = rest[rest.index("dev") + 1]
    end = network.find(node, device)
    if end is not None and network.address(end, rest[0], line):
        return True
    if ":" in rest[0] or (end is None and device != "lo"):
        return False
    do(network, node, ["ip", "addr", "add", rest[0], "dev", device])
    return True


def _ifconfig(network: Network, node: str, words: list[str], line: int) -> bool:
    end = network.find(node, words[0]) if words else None
    if end is None:
        return bool(words) and words[0] == "lo"
    rest = [word for word in words[1:] if word != "up"]
    if not rest:
        return True
    text = f"{rest[0]}/{rest[2]}" if len(rest) > 2 and rest[1] == "netmask" else rest[0]
    return network.address(end, text, line)


def _route(network: Network, node: str, words: list[str]) -> bool:
    """The older way to say `ip route add`."""
    given = [word for word in words if word not in ("-net", "-host")]
    if given[:1] != ["add"] or "gw" not in given[:-1]:
        return False
    target, gateway = given[1], given[given.index("gw") + 1]
    if "netmask" in given[:-1]:
        mask = given[given.index("netmask") + 1]
        try:
            target = str(IPv4Interface(f"{target}/{mask}").network)
        except ValueError:
            return False
    do(network, node, ["ip", "route", "add", target, "via", gateway])
    return True
