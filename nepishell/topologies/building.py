"""A map as resources: nodes with the names of its places, links with the delays of its cables.

Of what a map says, a resource type gets what it has attributes for; what is given beside it wins.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nepishell.core.attributes import Value
from nepishell.core.errors import BadValue, NepishellError
from nepishell.engine.factory import ResourceFactory
from nepishell.topologies.model import HOST, ROUTER, SWITCH, Cable, NetworkMap, Place

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What places and cables become: rtypes, and attributes that hold for all of them.

    *host*: of the places at the edge; "" for the same as *node*. *prefix*: before each label.
    """

    node: str = "netns::Node"
    host: str = ""
    link: str = "netns::Link"
    switch: str = "netns::Switch"
    node_values: Values = field(default_factory=dict)
    host_values: Values = field(default_factory=dict)
    link_values: Values = field(default_factory=dict)
    prefix: str = ""


@dataclass(slots=True)
class Built:
    """The guids of what was made, in the order of the map."""

    nodes: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)


def build(ec: "ExperimentController", found: NetworkMap, style: Style) -> Built:
    """Describe *found* in *ec*: all of it, or on an error nothing.

    Raises UnknownName, BadValue (a label that is taken, a value that cannot be).
    """
    built = Built()
    try:
        _Building(ec, found, style, built).all()
    except NepishellError:
        for guid in reversed([*built.nodes, *built.links]):
            ec.remove_resource(guid)
        raise
    return built


class _Building:
    def __init__(
        self, ec: "ExperimentController", found: NetworkMap, style: Style, built: Built
    ) -> None:
        self._ec = ec
        self._map = found
        self._style = style
        self._built = built
        #: a link of the same name: between the same places
        self._beside: Counter[tuple[str, str]] = Counter()

    def all(self) -> None:
        for place in self._map.places:
            self._built.nodes.append(self._add(place))
        for cable in self._map.cables:
            self._join(cable)

    def _label(self, name: str) -> str:
        return f"{self._style.prefix}{name}"

    def _add(self, place: Place) -> int:
        style = self._style
        if place.kind == SWITCH:
            return self._register(style.switch, place.name, {}, {})
        rtype = style.host if place.kind == HOST and style.host else style.node
        given = style.host_values if place.kind == HOST and style.host else style.node_values
        known = {
            "forwarding": True if place.kind == ROUTER else None,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
        return self._register(rtype, place.name, known, given)

    def _join(self, cable: Cable) -> None:
        one, other = self._map.places[cable.one], self._map.places[cable.other]
        first, second = self._built.nodes[cable.one], self._built.nodes[cable.other]
        if SWITCH in (one.kind, other.kind):
            self._ec.register_connection(first, second)
            return
        known = {"delay": cable.delay or None, "rate": cable.rate, "weight": cable.weight}
        label = self._link_label(one.name, other.name)
        link = self._register(self._style.link, label, known, self._style.link_values)
        self._built.links.append(link)
        self._ec.register_connection(link, first)
        self._ec.register_connection(link, second)

    def _link_label(self, one: str, other: str) -> str:
        """one--other, and a number for what runs beside it; within the length of a label."""
        most = (60 - len(self._style.prefix)) // 2 - 4
        pair = one[:most].rstrip("-._"), other[:most].rstrip("-._")
        while True:
            self._beside[pair] += 1
            count = self._beside[pair]
            label = f"{pair[0]}--{pair[1]}" + (f"-{count}" if count > 1 else "")
            if count == 1 or not self._is_taken(label):
                return label

    def _is_taken(self, label: str) -> bool:
        try:
            self._ec.find(self._label(label))
        except NepishellError:
            return False
        return True

    def _register(self, rtype: str, name: str, known: Values, given: Values) -> int:
        declared = ResourceFactory.find(rtype)._attributes
        values = {
            name: value for name, value in known.items() if value is not None and name in declared
        }
        label = self._label(name)
        try:
            return self._ec.register_resource(rtype, None, label=label, **{**values, **given})
        except BadValue as problem:
            if f"'{label}' is taken" not in str(problem):
                raise
            raise BadValue(f"{problem}; prefix=x makes all names begin with x") from None
