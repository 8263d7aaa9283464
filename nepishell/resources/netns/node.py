"""A host of the embedded lab: a network namespace with a name of its own."""

from nepishell.core.attributes import Attribute, Value
from nepishell.resources.netns.part import NODE, LabPart
from nepishell.resources.node import AbstractNode


class NetnsNode(AbstractNode, LabPart):
    """A host in a network namespace of this machine; forwarding makes it a router."""

    rtype = "netns::Node"
    role = NODE

    forwarding = Attribute(
        bool, default=False, live=True, help="whether it is a router: passes on packets of others"
    )
    # `auto` costs nothing without a router, so that declaring one router is the whole request
    routes = Attribute(
        default="auto",
        choices=("auto", "none"),
        live=True,
        help="auto: static routes by fewest hops as soon as the lab has a router; none: by hand",
    )
    ipv6 = Attribute(bool, default=False, help="whether its interfaces get IPv6 addresses, too")

    @property
    def address(self) -> str:
        """Every host of the lab resolves it by name."""
        return self.lab_name

    def do_provision(self) -> None:
        """Make the namespace."""
        self.freeze_name()
        self._host = self.net.add_host(self)
        super().do_provision()

    def do_deploy(self) -> None:
        """Plug into the switches that are there already; links and later switches come to us."""
        if self._host is None:
            self.do_discover()
            self.do_provision()
        self.net.arrive(self)
        super().do_deploy()

    def do_set(self, name: str, old: Value, new: Value) -> None:
        """Become a router, or no longer; give up routes, or take them."""
        if name == "forwarding":
            self.net.lab.set_forwarding(self.lab_name, bool(new))
        if name in ("forwarding", "routes"):
            self.net.publish(changed={(self.guid, name): new})

    def do_fail(self) -> None:
        """Others may have waited for us in order to be plugged in together."""
        super().do_fail()
        self.net.settle(self)

    def do_release(self) -> object:
        """Take the namespace away, with all that runs in it."""
        if self._host is not None:
            self.net.remove_host(self)
        released = super().do_release()
        self.net.settle(self)
        return released
