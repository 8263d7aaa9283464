"""What an experiment looks like: nodes and what joins them, with roles, places and values.

Told by the types alone: who has a host is a node, who joins nodes is a link or a switch, and a
program is where it runs.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from nepishell.core.attributes import Flags, Types
from nepishell.core.states import ResourceState
from nepishell.engine.resource import ResourceManager
from nepishell.lang.folding import fold

HOST, ROUTER, SWITCH = "host", "router", "switch"
#: Pairs of attributes that say where a node stands: how far right, how far up.
_PLACES = (("longitude", "latitude"), ("x", "y"))
#: What a link does to packets is told in numbers of these types.
_TELLING = {Types.Duration, Types.Rate, Types.Percent}


class Node(NamedTuple):
    """A node or switch. *items*: what runs on it; *place*: (right, up), None where nobody said."""

    key: int
    name: str
    rtype: str
    role: str
    state: ResourceState
    items: list[tuple[str, ResourceState]]
    place: tuple[float, float] | None
    #: whether the place is on a map, in degrees
    on_map: bool


class Tie(NamedTuple):
    """A line between two nodes. *name* '' where it is that of a switch; *values*: '20ms 1%'."""

    one: int
    two: int
    name: str
    state: ResourceState
    values: str
    up: bool

    @property
    def label(self) -> str:
        """Its name and values."""
        return " ".join(filter(None, (self.name, self.values)))


class Network(NamedTuple):
    """All of it. *loose*: names of what belongs to no node."""

    nodes: list[Node]
    ties: list[Tie]
    loose: list[str]

    def joined(self) -> Mapping[int, list[str]]:
        """Node -> what it is connected to, as 'wire: h2'."""
        names = {node.key: node.name for node in self.nodes}
        found: dict[int, list[str]] = {}
        for tie in self.ties:
            for me, other in ((tie.one, tie.two), (tie.two, tie.one)):
                name = names[other]
                found.setdefault(me, []).append(f"{tie.name}: {name}" if tie.name else name)
        return found


_Known = Mapping[int, ResourceManager]


def network(rms: Iterable[ResourceManager]) -> Network:
    """What *rms* look like; what was released is left out."""
    known = {rm.guid: rm for rm in rms if rm.state is not ResourceState.RELEASED}
    boxes = {guid: rm for guid, rm in known.items() if hasattr(type(rm), "host")}
    joints = _joints(known, boxes)
    plugs = _plugs(known, boxes, joints)
    ties, hubs = _ties(joints, plugs, boxes)
    inside: dict[int, list[tuple[str, ResourceState]]] = {}
    loose = []
    for guid, rm in known.items():
        if guid in boxes or guid in joints or guid in plugs:
            continue
        home = next((other for other in rm._connections if other in boxes), None)
        if home is None:
            loose.append(rm.name)
        else:
            inside.setdefault(home, []).append((rm.name, rm.state))
    nodes = [
        _node(rm, SWITCH if guid in hubs else _role(rm), inside.get(guid, []))
        for guid, rm in known.items() if guid in boxes or guid in hubs
    ]  # fmt: skip
    return Network(nodes, ties, loose)


def _joints(known: _Known, boxes: _Known) -> dict[int, ResourceManager]:
    """Those whose type connects several nodes."""
    # by type: an experiment has many resources of few types
    rtypes = {box._rtypes for box in boxes.values()}
    joining: dict[type[ResourceManager], bool] = {}
    for rm in known.values():
        if type(rm) not in joining:
            wide = [peer for peer in rm._peers if peer.max != 1 and "Resource" not in peer.rtypes]
            joining[type(rm)] = any(peer.accepts(each) for peer in wide for each in rtypes)
    return {g: rm for g, rm in known.items() if g not in boxes and joining[type(rm)]}


def _plugs(known: _Known, boxes: _Known, joints: _Known) -> dict[int, ResourceManager]:
    """Those between a node and what joins nodes."""
    rtypes = {joint._rtypes for joint in joints.values()}
    plugs: dict[type[ResourceManager], bool] = {}
    for rm in known.values():
        if type(rm) not in plugs:
            narrow = [peer for peer in rm._peers if "Resource" not in peer.rtypes]
            plugs[type(rm)] = any(peer.accepts(each) for peer in narrow for each in rtypes)
    return {
        g: rm for g, rm in known.items()
        if g not in boxes and g not in joints and plugs[type(rm)]
    }  # fmt: skip


def _ties(joints: _Known, plugs: _Known, boxes: _Known) -> tuple[list[Tie], set[int]]:
    """The lines, and the guids of joints that are nodes themselves: all but links of two ends."""
    ties, hubs = [], set()
    for guid, rm in joints.items():
        ends = [end for other in rm._connections for end in _ends(other, plugs, boxes)]
        up = value_of(rm, "up") is not False
        if len(ends) == 2 and all(peer.max == 2 for peer in rm._peers if peer.max != 1):
            ties.append(Tie(ends[0], ends[1], rm.name, rm.state, values(rm), up))
            continue
        hubs.add(guid)
        ties += [Tie(end, guid, "", rm.state, "", up) for end in ends]
    return ties, hubs


def _ends(guid: int, plugs: _Known, boxes: _Known) -> list[int]:
    """The node that *guid* is, or is an interface of."""
    if guid in boxes:
        return [guid]
    return [other for other in plugs[guid]._connections if other in boxes] if guid in plugs else []


def _role(rm: ResourceManager) -> str:
    is_router = any(rtype.endswith("::Router") for rtype in rm._rtypes)
    return ROUTER if is_router or value_of(rm, "forwarding") is True else HOST


def _node(rm: ResourceManager, role: str, items: list[tuple[str, ResourceState]]) -> Node:
    place, on_map = None, False
    for right, up in _PLACES:
        x, y = value_of(rm, right), value_of(rm, up)
        if isinstance(x, int | float) and isinstance(y, int | float):
            place, on_map = (float(x), float(y)), right == "longitude"
            break
    return Node(rm.guid, rm.name, rm.rtype, role, rm.state, folded(items), place, on_map)


def value_of(rm: ResourceManager, name: str) -> Any:
    """The value of an attribute, None where its type has none of that name."""
    return rm.get(name) if name in rm._attributes else None


def values(rm: ResourceManager) -> str:
    """What a link was told to do, as '20ms 10mbit 1%'."""
    told = []
    for name, value in (rm._values or {}).items():
        attribute = rm._attributes[name]
        readable = not attribute.flags & (Flags.NoRead | Flags.NoWrite | Flags.Credential & ~4)
        if value is not None and attribute.type in _TELLING and readable and name != "tolerance":
            shown = attribute.format(value)
            if attribute.type is Types.Duration and isinstance(value, int | float):
                shown = _short(value)
            told.append(shown if name in ("rate", "delay") else f"{name} {shown}")
    return " ".join(told)


def _short(seconds: float) -> str:
    """A duration in four digits: what lines are told beside them need not be exact."""
    unit, factor = ("s", 1.0) if seconds >= 1 else ("ms", 1e3) if seconds >= 1e-3 else ("us", 1e6)
    return f"{seconds * factor:.4g}{unit}"


def folded(items: list[tuple[str, ResourceState]]) -> list[tuple[str, ResourceState]]:
    """Names of the same state written short: p[1-4]."""
    by_state: dict[ResourceState, list[str]] = {}
    for name, state in items:
        by_state.setdefault(state, []).append(name)
    return [(text, state) for state, names in by_state.items() for text in _pieces(fold(names))]


def _pieces(short: str) -> list[str]:
    """The parts of a folded set: commas inside brackets do not part."""
    found, depth = [""], 0
    for char in short:
        depth += (char == "[") - (char == "]")
        if char == "," and not depth:
            found.append("")
        else:
            found[-1] += char
    return found
