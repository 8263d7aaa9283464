"""Networks that `mn` makes by itself, and what Mininet gives hosts that nobody said more about."""

import re
import shlex
from collections.abc import Iterator

from nepishell.replay.foreign.network import End, Network

#: Commands of Mininet's prompt that have no counterpart in a recipe.
VERBS = frozenset({"iperf", "iperfudp", "py", "px", "sh", "source", "xterm", "x", "gterm", "dpctl",
                   "wait", "sleep", "link", "intfs", "pingpair", "nodes"})  # fmt: skip
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_TIME = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(us|usec|ms|msec|s|sec)?", re.ASCII)
_DECIMAL = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_UNITS = {"usec": "us", "msec": "ms", "sec": "s", None: "us"}
#: Options of `mn` that change nothing that is carried over.
_SILENT = frozenset({"--switch", "--controller", "--mac", "-v", "--verbosity", "--ipbase", "-i"})


def make(network: Network, options: str, line: int) -> list[str]:
    """The network of `mn OPTIONS`, and the commands that it is to execute; raises RecipeError."""
    given = _options(network, options, line)
    shape = _shape_of(network, given.get("--link", ""), line)
    name, *rest = given.get("--topo", "minimal").split(",")
    numbers = [_count(network, each, line) for each in rest if "=" not in each]
    match name:
        case "minimal":
            _single(network, 2, shape, line)
        case "single" | "reversed":
            _single(network, (numbers or [2])[0], shape, line)
        case "linear":
            _linear(network, (numbers or [2])[0], [*numbers, 1, 1][1], shape, line)
        case "tree":
            _tree(network, (numbers or [1])[0], [*numbers, 2, 2][1], shape, line)
        case _:
            what = f"no topology '{name}'; those known are minimal, single, linear, tree"
            raise network.source.wrong(line, what)
    give_addresses(network)
    if "--mac" in given:
        for number, end in enumerate(_first_ends(network), start=1):
            end.mac = ":".join(f"{number:012x}"[at : at + 2] for at in range(0, 12, 2))
    test = given.get("--test", "")
    return [test] if test in ("pingall", "pingpair") else []


def _options(network: Network, options: str, line: int) -> dict[str, str]:
    try:
        words = shlex.split(options)
    except ValueError:
        raise network.source.wrong(line, "a quote is never closed") from None
    found: dict[str, str] = {}
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if name in ("--mac", "--arp", "-x", "--xterms", "--nat", "--clean", "-c"):
            found[name] = ""
        else:
            found[name] = value if equals else words.pop(0) if words else ""
        if name not in _SILENT | {"--topo", "--link", "--test"}:
            network.leave(line, f"the option {name} of mn")
    return found


def _count(network: Network, text: str, line: int) -> int:
    if not _NUMBER.fullmatch(text) or not int(text):
        raise network.source.wrong(line, f"'{text}' is not how many; write a number from 1 to 9999")
    return int(text)


def _single(network: Network, hosts: int, shape: dict[str, str], line: int) -> None:
    switch = network.add_switch("s1", line)
    for number in range(1, hosts + 1):
        join(network, network.add_host(f"h{number}", line), switch, shape, line)


def _linear(network: Network, count: int, each: int, shape: dict[str, str], line: int) -> None:
    last = ""
    for number in range(1, count + 1):
        switch = network.add_switch(f"s{number}", line)
        for host in range(1, each + 1):
            name = f"h{number}" if each == 1 else f"h{host}s{number}"
            join(network, network.add_host(name, line), switch, shape, line)
        if last:
            join(network, switch, last, shape, line)
        last = switch


def _tree(network: Network, depth: int, fanout: int, shape: dict[str, str], line: int) -> None:
    if fanout ** min(depth, 20) > 5000:
        raise network.source.wrong(line, f"a tree of {fanout} to the power of {depth} is too large")
    above, hosts, switches = [""], 0, 0
    for level in range(depth + 1):
        row: list[str] = []
        for parent in above:
            for _ in range(fanout if parent else 1):
                if level == depth:
                    hosts += 1
                    node = network.add_host(f"h{hosts}", line)
                else:
                    switches += 1
                    node = network.add_switch(f"s{switches}", line)
                if parent:
                    join(network, node, parent, shape, line)
                row.append(node)
        above = row


def join(
    network: Network, one: str, other: str, shape: dict[str, str], line: int,
    addresses: tuple[str, str] = ("", ""), names: tuple[str, str] = ("", ""),
) -> None:  # fmt: skip
    """A cable between two labels, its interfaces called as Mininet calls them."""
    ends = []
    for node, name in zip((one, other), names, strict=True):
        number = sum(1 for _ in network.ends_of(node)) + (node in network.switches)
        while network.find(node, port := f"{node}-eth{number}"[-15:]) is not None:
            number += 1
        ends.append(End(node, name or port))
    network.connect(ends[0], ends[1], line, dict(shape))
    for end, address in zip(ends, addresses, strict=True):
        if address:
            network.address(end, address if "/" in address else f"{address}/8", line)


def _first_ends(network: Network) -> Iterator[End]:
    return (end for label in network.hosts
            if (end := next(network.ends_of(label), None)) is not None)  # fmt: skip


def give_addresses(network: Network) -> None:
    """10.0.0.1/8, 10.0.0.2/8, ... to the first interfaces of hosts, where none has an address."""
    if any(end.ip4 for cable in network.cables for end in cable.ends):
        return
    for number, end in enumerate(_first_ends(network), start=1):
        end.ip4 = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}/8"


def note_circles(network: Network) -> None:
    """Switches in a circle must find a tree first, or a frame goes round for ever."""
    root = {name: name for name in network.switches}

    def top(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for cable in network.cables:
        one, other = cable.one.node, cable.other.node
        if one not in root or other not in root:
            continue
        if top(one) == top(other):
            for name in network.switches:
                network.switches[name] = True
            network.leave(0, "a controller for circles: switches use STP, and wait 30 s for it")
            return
        root[top(one)] = top(other)


def ping_all(network: Network, labels: list[str]) -> list[str]:
    """Each of *labels* reaches each other, as lines of a recipe."""
    targets = {}
    for label in labels:
        first = next(network.ends_of(label), None)
        if first is not None and first.ip4:
            targets[label] = first.ip4.partition("/")[0]
    if len(targets) < 2:
        return []
    return [
        f"for host in {','.join(targets)}",
        f"    for target in {','.join(targets.values())}",
        "        expect exec ${host} ping -c 1 -W 2 ${target}",
        "    end",
        "end",
    ]


def shape_of(network: Network, given: dict[str, str], line: int) -> dict[str, str]:
    """What a TCLink does to packets, as attributes of a netns::Link; raises RecipeError."""
    found: dict[str, str] = {}
    for name, text in given.items():
        try:
            attribute, value = _attribute(name, text)
        except ValueError:
            raise network.source.wrong(line, f"'{text}' is no {name} of a link") from None
        if attribute:
            found[attribute] = value
        else:
            network.leave(line, f"{name} of a link: {text}")
    return found


def _attribute(name: str, text: str) -> tuple[str, str]:
    """('', '') for what a link has no attribute for; raises ValueError."""
    if name in ("delay", "jitter"):
        time = _TIME.fullmatch(text)
        if time is None:
            raise ValueError
        return name, f"{time[1]}{_UNITS.get(time[2], time[2])}"
    if name not in ("bw", "loss", "max_queue_size"):
        return "", ""
    if not _DECIMAL.fullmatch(text):
        raise ValueError
    match name:
        case "bw":
            return "rate", f"{text}mbit"
        case "loss":
            return "loss", f"{text}%"
    return "queue", str(int(float(text)))


def _shape_of(network: Network, text: str, line: int) -> dict[str, str]:
    _, *words = text.split(",")
    pairs = [word.partition("=") for word in words]
    return shape_of(network, {name: value for name, _, value in pairs}, line)
