"""A network as a recipe: what can be said in it is said, the rest stands at its top as comments.

A switch that only has hosts, on cables that hold nothing back, is a netns::Switch. Any other is a
host that bridges its interfaces: only links between hosts can be shaped here, and switches cannot
be connected to one another.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from nepishell.lang.lexer import quote
from nepishell.replay.foreign.network import Cable, End, Network, network_of

BRIDGE = "br0"


def recipe_of(network: Network) -> str:
    """The recipe that describes *network*, deploys it and does what the file did then."""
    writer = _Writer(network)
    body = [
        *writer.hosts(),
        "",
        *writer.switches(),
        *writer.cables(),
        "",
        "deploy",
        *writer.after(),
    ]
    lines = [*_head(network), *body]
    spaced = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(spaced).rstrip("\n") + "\n"


def _head(network: Network) -> list[str]:
    source = _plain(network.source.file)
    head = [f"# {source}: made from a file of {network.kind}", "#"]
    if not network.left:
        return [*head, "# All that is in it was carried over.", ""]
    return [*head, "# Not carried over:", *(f"#   {_plain(left)}" for left in network.left), ""]


def _plain(text: str) -> str:
    """*text* so that it is one comment, whatever is in it."""
    return "".join(char if char.isprintable() else "?" for char in text).rstrip("\\")


class _Writer:
    def __init__(self, network: Network) -> None:
        self._network = network
        self._plain = {name for name in network.switches if self._is_plain(name)}
        self._bridging = [name for name in network.switches if name not in self._plain]
        #: whether the file says who has which address; else the lab gives them
        self.says_addresses = any(end.ip4 for cable in network.cables for end in cable.ends)
        self._regular = self._regular_ends()
        self._ports: dict[str, list[str]] = {}

    def _is_plain(self, switch: str) -> bool:
        hosts = self._network.hosts
        return all(
            not cable.shape
            and not cable.changes
            and (cable.one.node in hosts or cable.other.node in hosts)
            for cable in self._network.cables
            if switch in (cable.one.node, cable.other.node)
        )

    def _regular_ends(self) -> set[int]:
        """Ends whose address the lab can give: one network per link or switch, none overlapping."""
        segments: dict[str, list[End]] = {}
        for number, cable in enumerate(self._network.cables):
            nodes = [end.node for end in cable.ends]
            if any(node in self._bridging for node in nodes):
                continue
            shared = next((node for node in nodes if node in self._plain), f"/{number}")
            segments.setdefault(shared, []).extend(cable.ends)
        found: set[int] = set()
        taken: list[IPv4Network] = []
        for ends in segments.values():
            addressed = [end for end in ends if end.ip4]
            networks = {network_of(end) for end in addressed}
            hosts = {end.ip4 for end in addressed}
            if len(networks) != 1 or len(hosts) < len(addressed):
                continue
            mine = IPv4Network(networks.pop())
            if mine.prefixlen < 31 and not any(mine.overlaps(other) for other in taken):
                taken.append(mine)
                found.update(map(id, addressed))
        return found

    def hosts(self) -> Iterator[str]:
        routes = " routes=none" if self.says_addresses else ""
        for forwards in (False, True):
            names = [name for name, host in self._network.hosts.items() if host.routes is forwards]
            if names:
                more = " forwarding=true" if forwards else ""
                yield f"add netns::Node {','.join(names)}{routes}{more}"
        if self._bridging:
            yield "# these pass on frames between their interfaces, as a switch does"
            yield f"add netns::Node {','.join(self._bridging)} routes=none"

    def switches(self) -> Iterator[str]:
        if self._plain:
            yield f"add netns::Switch {','.join(self._in_order())}"

    def _in_order(self) -> list[str]:
        return [name for name in self._network.switches if name in self._plain]

    def cables(self) -> Iterator[str]:
        for cable in self._network.cables:
            yield from self._cable(cable)

    def _cable(self, cable: Cable) -> Iterator[str]:
        switch = next((end for end in cable.ends if end.node in self._plain), None)
        plugs: list[str] = []
        for end in cable.ends:
            if end is switch:
                plugs.append(end.node)
                continue
            plug, line = self._plug(end)
            plugs.append(plug)
            if line:
                yield line
        if switch is not None:
            yield f"connect {plugs[0]} {plugs[1]}"
            return
        shape = "".join(f" {name}={quote(value)}" for name, value in cable.shape.items())
        yield f"add netns::Link {cable.label}{shape}"
        yield f"connect {plugs[0]} {cable.label} {plugs[1]}"

    def _plug(self, end: End) -> tuple[str, str]:
        """What of *end* is connected, and the line that adds it; '' for the host itself."""
        is_bridge = end.node in self._bridging
        if not (end.name or end.mac or end.ip4 or is_bridge or self.says_addresses):
            return end.node, ""
        ports = self._ports.setdefault(end.node, [])
        end.name = end.name or _free(ports)
        ports.append(end.name)
        label = self._network.free(f"{end.node}-{end.name.removeprefix(f'{end.node}-')}")
        words = [f"add netns::Interface {label} on {end.node} name={quote(end.name)}"]
        if id(end) in self._regular:
            words.append(f"ip4={end.ip4}")
        elif is_bridge or self.says_addresses:
            words.append("ip4=none")
        if end.mac:
            words.append(f"mac={end.mac}")
        return label, " ".join(words)

    def after(self) -> Iterator[str]:
        """What is done when all is there: addresses that the lab does not give, bridges, acts."""
        for cable in self._network.cables:
            for end in cable.ends:
                if end.ip4 and id(end) not in self._regular:
                    name = quote(end.name)
                    yield f"exec {end.node} ip addr add {end.ip4} dev {name}"
        for switch in self._bridging:
            stp = " stp_state 1" if self._network.switches[switch] else ""
            yield f"exec {switch} ip link add {BRIDGE} type bridge{stp}"
            for port in self._ports.get(switch, ()):
                yield f"exec {switch} ip link set {quote(port)} master {BRIDGE}"
            yield f"exec {switch} ip link set {BRIDGE} up"
        yield from self._network.acts


def _free(ports: list[str]) -> str:
    return next(name for number in range(len(ports) + 1) if (name := f"eth{number}") not in ports)
