"""What Mininet's prompt says and takes: `net`, `links` and `dump` as printed, and scripts for it.

A script is for the network of a line `mn --topo ...` in it, or for what was printed before; what
stands after `mininet> ` in a session that was copied counts as typed.
"""

import re
import shlex
from pathlib import Path

from nepishell.replay.foreign import mininet_topo
from nepishell.replay.foreign.network import End, Network
from nepishell.replay.foreign.programs import act
from nepishell.replay.foreign.source import Source, read_source

_PROMPT = "mininet>"
_MN = re.compile(r"(?:#\s*)?(?:\$\s*)?(?:sudo\s+)?mn(?:\s+(.*))?")
_DUMP = re.compile(r"<(\w+) ([^\s:<>]+): (.*?)\s*(?:pid=\d+)?>")
_LINK = re.compile(r"(\S+)<->(\S+)(?:\s+\(.*\))?")
_PORTS = re.compile(r"([^\s:<>]+)((?:\s+[^\s:]+:[^\s:]*)+)")
_TOLD = ("#", "available nodes")
_CONTROLLER = re.compile(r"c\d+")
_SECONDS = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
#: Typed to look at things, or to leave.
_LOOKS = frozenset({"net", "nodes", "dump", "links", "intfs", "ports", "help", "exit", "quit",
                    "EOF", "noecho", "time", "switch"})  # fmt: skip


def read(path: Path) -> Network:
    """The network of a script, a printed topology, or both; raises RecipeError."""
    return _Session(read_source(path)).read()


class _Session:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._network = Network(source, "Mininet")
        #: node -> whether it is a switch; interface -> (its node, its address)
        self._ports: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._links: dict[frozenset[str], int] = {}
        self._typed: list[tuple[int, str]] = []
        self._copied = any(_PROMPT in line for _, line in source.lines())
        self._is_made = False

    def read(self) -> Network:
        for number, line in self._source.lines():
            text = line.strip()
            if text.startswith(_PROMPT):
                self._typed.append((number, text.removeprefix(_PROMPT).strip()))
            elif text and not text.startswith("***"):
                self._line(number, text)
        self._connect()
        network = self._network
        if not network.hosts:
            what = "no hosts: neither what 'net' or 'links' print, nor a line 'mn --topo ...'"
            raise self._source.wrong(1, what)
        if not self._is_made:
            mininet_topo.give_addresses(network)
        mininet_topo.note_circles(network)
        for number, text in self._typed:
            self._do(number, text)
        return network

    def _line(self, number: int, text: str) -> None:
        made = _MN.fullmatch(text)
        if made is not None:
            self._is_made = True
            more = mininet_topo.make(self._network, made[1] or "", number)
            self._typed += [(number, each) for each in more]
        elif dumped := _DUMP.fullmatch(text):
            self._dumped(number, dumped)
        elif linked := _LINK.fullmatch(text):
            self._links.setdefault(frozenset(linked.group(1, 2)), number)
        elif listed := _PORTS.fullmatch(text):
            self._listed(number, listed)
        elif not (self._copied or _CONTROLLER.fullmatch(text) or text.startswith(_TOLD)):
            self._typed.append((number, text))

    def _dumped(self, number: int, found: re.Match[str]) -> None:
        kind, name, ports = found.groups()
        if "Controller" in kind or kind == "Ryu":
            return
        self._add(name, number, switch="Switch" in kind or "Bridge" in kind)
        for port in filter(None, ports.split(",")):
            interface, _, address = port.partition(":")
            if interface != "lo":
                self._ports[interface] = name
            if address not in ("", "None") and interface != "lo":
                self._addresses[interface] = address

    def _listed(self, number: int, found: re.Match[str]) -> None:
        name, ports = found[1], found[2].split()
        self._add(name, number, switch="lo:" in ports)
        for port in ports:
            interface, _, other = port.partition(":")
            if interface == "lo":
                continue
            self._ports[interface] = name
            if other and interface != other:
                self._links.setdefault(frozenset((interface, other)), number)

    def _add(self, name: str, number: int, *, switch: bool) -> None:
        if switch:
            self._network.add_switch(name, number)
        else:
            self._network.add_host(name, number, routes=name.startswith("r") and name[1:].isdigit())

    def _connect(self) -> None:
        for pair, number in self._links.items():
            if len(pair) < 2:
                raise self._source.wrong(number, "an interface is connected to itself")
            ends = [self._end(name, number) for name in sorted(pair, key=self._place)]
            self._network.connect(ends[0], ends[1], number)
            for end in ends:
                address = self._addresses.get(end.name)
                if address and end.node in self._network.hosts:
                    full = address if "/" in address else f"{address}/8"
                    self._network.address(end, full, number)

    def _place(self, interface: str) -> tuple[bool, str]:
        return self._ports.get(interface, "") in self._network.switches, interface

    def _end(self, interface: str, number: int) -> End:
        node = self._ports.get(interface) or interface.rpartition("-")[0]
        if not node:
            raise self._source.wrong(number, f"'{interface}' is no interface, as h1-eth0 is one")
        if node not in dict(self._network.names()) and node not in self._network.switches:
            # of `links` alone: switches are called s1, s2, ...
            self._add(node, number, switch=node[:1] == "s" and node[1:].isdecimal())
        return End(self._network.label_of(node, number), interface)

    def _do(self, number: int, text: str) -> None:
        """What was typed, or stands in a script."""
        try:
            words = shlex.split(text, comments=True)
        except ValueError:
            raise self._source.wrong(number, "a quote is never closed") from None
        if not words or words[0] in _LOOKS:
            return
        network, names = self._network, dict(self._network.names())
        match words:
            case ["pingall" | "pingallfull", *_]:
                self._ping_all(list(network.hosts))
            case ["pingpair" | "pingpairfull", *_]:
                self._ping_all(list(network.hosts)[:2])
            case ["link", one, other, ("up" | "down") as state]:
                self._set_link(number, one, other, state)
            case ["sh" | "sleep", *rest] if _SECONDS.fullmatch(rest[-1] if rest else ""):
                if words[-2:-1] != ["sleep"]:
                    network.leave(number, text)
                else:
                    network.acts.append(f"wait {words[-1]}s")
            case [name, "sleep", seconds] if name in names and _SECONDS.fullmatch(seconds):
                network.acts.append(f"wait {seconds}s")
            case [name, *argv] if name in names:
                simple = not any(char in text for char in ";|&`$<>")
                argv = [self._meant(word) for word in argv]
                if not simple or not act(network, names[name], argv, number):
                    network.leave(number, text)
            case _:
                self._leave(number, text, words[0])

    def _leave(self, number: int, text: str, verb: str) -> None:
        if verb not in mininet_topo.VERBS and verb not in self._network.switches:
            what = f"neither a command of Mininet nor a part of a topology: '{verb}'"
            raise self._source.wrong(number, what, length=len(verb))
        self._network.leave(number, text)

    def _meant(self, word: str) -> str:
        """A host's name stands for its address, as at Mininet's prompt."""
        label = dict(self._network.names()).get(word)
        first = next(self._network.ends_of(label), None) if label else None
        return first.ip4.partition("/")[0] if first is not None and first.ip4 else word

    def _ping_all(self, labels: list[str]) -> None:
        self._network.acts += mininet_topo.ping_all(self._network, labels)

    def _set_link(self, number: int, one: str, other: str, state: str) -> None:
        pair = {self._network.label_of(name, number) for name in (one, other)}
        for cable in self._network.cables:
            if {cable.one.node, cable.other.node} == pair:
                cable.changes = True
                self._network.acts.append(f"set {cable.label} up {str(state == 'up').lower()}")
                return
        raise self._source.wrong(number, f"{one} and {other} are not connected")
