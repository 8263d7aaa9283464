"""A meeting point of interfaces: it says who is in one network, and does nothing."""

from nepishell.core.peers import Peer
from nepishell.engine.resource import ResourceManager


class Channel(ResourceManager):
    """A network that is there already, as the place where interfaces meet."""

    rtype = "linux::Channel"

    members = Peer("linux::Interface", max=None, needs={}, help="the interfaces in it")
