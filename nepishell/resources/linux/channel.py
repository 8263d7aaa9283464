"""A meeting point of interfaces: it says who is in one network, and does nothing."""

from nepishell.core.peers import Peer
from nepishell.engine.resource import ResourceManager


class Channel(ResourceManager):
    """A network that is there already, as the place where interfaces meet."""

    rtype = "linux::Channel"

    # whole hosts, too: a recipe for the lab needs no other lines to run on real hosts
    members = Peer(
        "linux::Interface",
        "abstract::Node",
        max=None,
        needs={},
        help="the interfaces in it, or the hosts that reach each other by it",
    )
