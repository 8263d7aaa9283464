"""What tunnels have in common: two virtual interfaces, each on a node, that become neighbours."""

from typing import ClassVar

from nepishell.core.errors import BadValue
from nepishell.core.peers import Peer
from nepishell.resources.linux.device import NetworkPart
from nepishell.resources.linux.tap import Tap


class Tunnel(NetworkPart):
    """The base of tunnels between two virtual interfaces."""

    rtype = "abstract::linux::Tunnel"
    #: whether the interfaces at its ends are made by the tunnel
    makes_devices: ClassVar[bool] = False

    ends = Peer("linux::Tap", min=2, max=2, help="the interfaces that it joins, a Tap or Tun each")

    def both(self) -> tuple[Tap, Tap]:
        """Its ends in order of connection; raises BadValue when they do not fit."""
        one, two = self.ends
        if one.mode != two.mode:
            raise BadValue(
                f"{self.name}: {one.name} is a {one.rtype} and {two.name} a {two.rtype}; "
                f"both ends must be of one kind"
            )
        return one, two
