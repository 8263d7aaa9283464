"""A switch of the embedded lab: a bridge of the kernel."""

from nepishell.core.attributes import Attribute, Value
from nepishell.core.peers import Peer
from nepishell.resources.netns.segment import Segment


class Switch(Segment):
    """A switch: all nodes and interfaces that are connected to it share one network."""

    rtype = "netns::Switch"

    up = Attribute(bool, default=True, live=True, help="whether it is switched on")

    # no order between a switch and its ends: whoever comes second plugs in, and each can leave
    members = Peer("netns::Node", "netns::Interface", max=None, needs={}, help="what is plugged in")

    _made = False

    def do_deploy(self) -> None:
        """Make the bridge with all that is there; who comes later plugs in by itself."""
        self.freeze_name()
        self.net.open_switch(self, up=self.up)
        self._made = True
        super().do_deploy()

    def recall(self) -> None:
        """Its bridge, and what is plugged into it."""
        self._made = self.net.recall_switch(self, up=self.up)

    def do_set(self, name: str, old: Value, new: Value) -> None:
        """Switch it on or off."""
        if name == "up":
            self.net.lab.set_switch_up(self.lab_name, bool(new))

    def do_connect(self, guid: int) -> None:
        """Plug in at once what is there."""
        if self._made:
            self.net.plug(self)

    def do_disconnect(self, guid: int) -> None:
        """Unplug; the rest stays."""
        if self._made:
            self.net.unplug(self, guid)

    def do_release(self) -> object:
        """Take the bridge away."""
        if self._made:
            self._made = False
            with self.net.closing(self):
                self.net.lab.remove_switch(self.lab_name)
        return super().do_release()
