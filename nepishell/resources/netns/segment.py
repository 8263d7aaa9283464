"""What links and switches have in common: a network, and ends in order of connection."""

from nepishell.core.addressing import parse_network
from nepishell.core.attributes import Attribute, Value
from nepishell.resources.netns.interface import Interface
from nepishell.resources.netns.network import End
from nepishell.resources.netns.node import NetnsNode
from nepishell.resources.netns.part import SEGMENT, LabPart


def _checked_network(old: Value, new: Value) -> Value:
    if new:
        parse_network(str(new), "this segment")
    return new


class Segment(LabPart):
    """What connects interfaces: the base of links and switches."""

    rtype = "abstract::Segment"
    role = SEGMENT

    network = Attribute(
        set_hook=_checked_network,
        help="its IPv4 network, as in 10.0.5.0/24 (default: the next free 10.0.k.0/24)",
    )

    @property
    def is_imminent(self) -> bool:
        """Whether it is about to be made."""
        return False

    def cost(self, metric: str) -> int | None:
        """What passing it costs a packet by the *metric* of routes; None: nothing passes now."""
        return 0 if self.get("up") else None

    def ends(self) -> list[End]:
        """What is connected, in order; an interface without a node is not an end yet."""
        found = []
        for rm in self.get_connected():
            if isinstance(rm, NetnsNode):
                found.append(End(owner=rm, node=rm))
            elif isinstance(rm, Interface) and rm.node is not None:
                found.append(End(owner=rm, node=rm.node, interface=rm))
        return found
