"""What foreign files describe, in common: hosts, switches, cables, what is done, what is lost.

Names are made labels when they come in, so that all that follows can rely on them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv6Interface, ip_interface

from nepishell.core.errors import NepishellError
from nepishell.core.ids import check_label
from nepishell.replay.foreign.source import Source

#: More of anything is no network that somebody drew, but a mistake in a number.
MOST = 5000
_ODD = re.compile(r"[^A-Za-z0-9_.-]+")
_INTERFACE = re.compile(r"[^\s/\x00-\x1f]{1,15}")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")


@dataclass(slots=True)
class End:
    """One end of a cable: in which host or switch, and what is known of the interface."""

    node: str
    name: str = ""
    ip4: str = ""
    mac: str = ""


@dataclass(slots=True)
class Cable:
    """What joins two ends; *shape*: attributes of a netns::Link, as text.

    *label*: of the link; *changes*: whether something is done to it later.
    """

    one: End
    other: End
    label: str
    shape: dict[str, str] = field(default_factory=dict)
    changes: bool = False

    @property
    def ends(self) -> tuple[End, End]:
        return self.one, self.other


@dataclass(slots=True)
class Host:
    """A machine; *routes*: whether it passes on packets of others."""

    routes: bool = False


class Network:
    """All of it; filled by readers. *source*: where the reader is now."""

    def __init__(self, source: Source, kind: str) -> None:
        self.source = source
        self.kind = kind
        self.hosts: dict[str, Host] = {}
        #: switches, and whether one must be told to avoid circles
        self.switches: dict[str, bool] = {}
        self.cables: list[Cable] = []
        #: what is done when all is deployed, as lines of a recipe
        self.acts: list[str] = []
        #: what could not be carried over: where, and what
        self.left: list[str] = []
        self._labels: dict[str, str] = {}
        self._taken: set[str] = set()
        self._times: Counter[str] = Counter()
        self._ends: dict[str, list[End]] = {}
        self._named: dict[tuple[str, str], End] = {}

    def leave(self, line: int, what: str) -> None:
        """Note that something is not carried over."""
        where = f"{self.source.file}:{line}: " if line else ""
        found = f"{where}{' '.join(what.split())}"
        if found not in self.left:
            self.left.append(found)

    def add_host(self, name: str, line: int, *, routes: bool = False) -> str:
        """A host of that name, once; its label. Raises RecipeError."""
        label = self._label(name, line)
        if label in self.switches:
            raise self._wrong(line, f"'{name}' is a switch already", name)
        self._check_size(line)
        self.hosts.setdefault(label, Host()).routes |= routes
        return label

    def add_switch(self, name: str, line: int) -> str:
        """A switch of that name, once; its label. Raises RecipeError."""
        label = self._label(name, line)
        if label in self.hosts:
            raise self._wrong(line, f"'{name}' is a host already", name)
        self._check_size(line)
        self.switches.setdefault(label, False)
        return label

    def names(self) -> Iterator[tuple[str, str]]:
        """The hosts: how the file calls each, and its label."""
        return ((name, label) for name, label in self._labels.items() if label in self.hosts)

    def label_of(self, name: str, line: int) -> str:
        """The label of a host or switch that was added; raises RecipeError."""
        label = self._labels.get(name, "")
        if label not in self.hosts and label not in self.switches:
            raise self._wrong(line, f"nothing here is called '{name}'", name)
        return label

    def connect(self, one: End, other: End, line: int, shape: dict[str, str] | None = None) -> None:
        """A cable; raises RecipeError for one that begins where it ends."""
        if one.node == other.node:
            raise self._wrong(line, f"'{one.node}' cannot be connected to itself", one.node)
        self._check_size(line)
        for end in (one, other):
            if end.name and self.find(end.node, end.name) is not None:
                what = f"interface {end.name} of {end.node} is connected twice"
                raise self._wrong(line, what, end.name)
            self._check_end(end, line)
            self._ends.setdefault(end.node, []).append(end)
            if end.name:
                self._named[end.node, end.name] = end
        label = self.free(f"{one.node}-{other.node}")
        self.cables.append(Cable(one, other, label, shape or {}))

    def free(self, wanted: str) -> str:
        """A label that nothing has yet: *wanted*, or with a number behind it."""
        wanted = _ODD.sub("-", wanted)[:50]
        self._times[wanted] += 1
        count = self._times[wanted]
        label = wanted if count == 1 else f"{wanted}-{count}"
        if label in self._taken:
            return self.free(wanted)
        self._taken.add(label)
        return label

    def _check_end(self, end: End, line: int) -> None:
        if end.name and not _INTERFACE.fullmatch(end.name):
            what = f"'{end.name}' is no name of an interface: at most 15 letters, none a blank or /"
            raise self._wrong(line, what, end.name)
        if end.mac and not _MAC.fullmatch(end.mac):
            raise self._wrong(line, f"'{end.mac}' is no hardware address", end.mac)

    def find(self, node: str, name: str) -> End | None:
        """The end that is interface *name* of *node*."""
        return self._named.get((node, name))

    def ends_of(self, node: str) -> Iterator[End]:
        """The interfaces of a host or switch, in order of connection."""
        return iter(self._ends.get(node, ()))

    def address(self, end: End, text: str, line: int) -> bool:
        """Give an end an address; False in IPv6, and where it has one. Raises RecipeError."""
        found = self.check_address(text, line)
        if isinstance(found, IPv6Interface) or end.ip4:
            return False
        end.ip4 = str(found)
        return True

    def check_address(self, text: str, line: int) -> IPv4Interface | IPv6Interface:
        """The address that *text* is; raises RecipeError."""
        try:
            return ip_interface(text)
        except ValueError:
            what = f"'{text}' is not an address; write it as in 10.0.0.1/24"
            raise self._wrong(line, what, text) from None

    def _label(self, name: str, line: int) -> str:
        """The label for *name*: itself where it can be one."""
        if name in self._labels:
            return self._labels[name]
        label = _ODD.sub("-", name)[:63].strip("-")
        label = label if label[:1].isalpha() else f"n{label}"
        try:
            check_label(label)
        except NepishellError:
            raise self._wrong(line, f"'{name}' cannot be made a label", name) from None
        if label in self._taken:
            raise self._wrong(line, f"'{name}' would be called as another is: '{label}'", name)
        if label != name:
            self.leave(line, f"the name '{name}'; it is {label} here")
        self._labels[name] = label
        self._taken.add(label)
        return label

    def _check_size(self, line: int) -> None:
        if len(self.hosts) + len(self.switches) + len(self.cables) >= MOST:
            raise self._wrong(line, f"more than {MOST} hosts, switches and cables")

    def _wrong(self, line: int, what: str, culprit: str = "") -> NepishellError:
        lines = self.source.text.splitlines()
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        at = text.find(culprit) if culprit else -1
        return self.source.wrong(line, what, at + 1 if at >= 0 else 1, len(culprit) * (at >= 0))


def network_of(end: End) -> str:
    """The IPv4 network that an end is in; '' without an address."""
    return str(IPv4Interface(end.ip4).network) if end.ip4 else ""
