"""What the lab parts of one run share: the lab, the plan of addresses, who is plugged in where.

Parts may come in any order and at any time: whoever comes second plugs in. Names and routes are
published once nobody is at work any more, so that a large deployment pays for them once, and
before its last part is READY.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from nepishell.core.addressing import AddressPlan, PortAsk, SegmentAsk, plan_addresses
from nepishell.core.attributes import Value
from nepishell.core.states import ResourceState
from nepishell.hosts.netns.model import Port
from nepishell.resources.netns.naming import interface_names, readable_mac
from nepishell.resources.netns.publishing import Publisher
from nepishell.resources.netns.recall import Recall
from nepishell.resources.netns.sites import Sites
from nepishell.resources.netns.turns import Turns

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.engine.resource import ResourceManager
    from nepishell.hosts.base import Host
    from nepishell.hosts.netns.link import LinkHandle
    from nepishell.resources.netns.interface import Interface
    from nepishell.resources.netns.node import NetnsNode
    from nepishell.resources.netns.part import LabPart
    from nepishell.resources.netns.segment import Segment

#: What a lab part is.
NODE, INTERFACE, SEGMENT = "node", "interface", "segment"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a segment: a node, with an interface between where the user named one."""

    owner: "LabPart"  # what is connected to the segment: the node or the interface
    node: "NetnsNode"
    interface: "Interface | None" = None

    def neighbour(self, segment: "Segment") -> int:
        """What the node itself is connected to."""
        return self.interface.guid if self.interface else segment.guid


class Network:
    """The lab of one run, opened when the first host is made. Safe from any thread."""

    def __init__(self, ec: "ExperimentController") -> None:
        self._ec = ec
        self.parts: dict[int, LabPart] = {}
        self._lock = Lock()  # held for moments, never while the lab is asked for something
        #: all parts of the lab, wherever they are; each is opened with its first host
        self.lab = Sites(ec.run_dir, ec.seed, self._fail_lost, holds=lambda: ec.lasting)
        #: what an earlier controller left is found by it
        self._recall = Recall(self.lab)
        self._plan = AddressPlan()
        self._ifnames: dict[int, dict[int, str]] = {}  # node -> what it is connected to -> name
        self._present: set[int] = set()  # nodes and interfaces that can be plugged in
        self._switches: set[int] = set()  # switches that exist
        self._plugs: dict[tuple[int, int], Port] = {}  # (segment, owner) -> what was plugged in
        self._unmade: set[tuple[int, int]] = set()  # those of them that are being made
        self._busy = 0
        self._gathering = 0
        self._publisher = Publisher(self)
        #: for links that measure themselves
        self.turns = Turns()
        #: links that programs of ours carry -> their guids
        self.relayed: dict[str, int] = {}
        self._lost: dict[str, int] = {}  # link -> frames that are known to be lost
        ec.fidelity.watch(self.look)

    def close(self) -> None:
        """Everything of the lab is gone when this returns."""
        self.lab.close()

    def _fail_lost(self, hosts: list[str], reason: str) -> None:
        for part in self.living():
            if part.role == NODE and part.lab_name in hosts:
                part.fail(reason)

    def look(self) -> None:
        """Doubt the links on which this machine has been too slow since the last time."""
        for name, lost in (self.lab.losses() if self.relayed else {}).items():
            self.lost(name, lost)

    def lost(self, link: str, frames: int) -> None:
        """So many *frames* were lost on *link*, since it is there, because we were too slow."""
        guid = self.relayed.get(link)
        if guid is not None and frames > self._lost.get(link, 0):
            self._lost[link] = frames
            text = f"{frames:,} frames were lost because this machine was too slow to carry them"
            self._ec.fidelity.doubt("relay", text, guid=guid)

    # -- who is there ------------------------------------------------------------------------

    def living(self) -> "list[LabPart]":
        """The parts that are in the experiment and neither failed nor gone, in order of guid."""
        for guid in [guid for guid in self.parts if self._ec.get_resource(guid) is None]:
            del self.parts[guid]
        ended = (ResourceState.FAILED, ResourceState.RELEASED)
        return [part for _, part in sorted(self.parts.items()) if part.state not in ended]

    def add_host(self, node: "NetnsNode") -> "Host":
        """The host of *node*."""
        return self.lab.add_host(node.lab_name, node.site(), forwarding=node.forwarding)

    def remove_host(self, node: "NetnsNode") -> None:
        """Take the host of *node* away with what is plugged into it."""
        with self.working():
            with self._lock:
                self._present.discard(node.guid)
                gone = [key for key, port in self._plugs.items() if port.host == node.lab_name]
                for key in gone:
                    del self._plugs[key]
            self._publisher.forget(node.guid)
            self.lab.remove_host(node.lab_name)

    # -- what an earlier controller built ----------------------------------------------------

    def recall_node(self, node: "NetnsNode") -> "Host | None":
        """The host of *node*; None for one that was not finished, of which nothing is left."""
        host = self._recall.host(node)
        if host is not None and node.state >= ResourceState.READY:
            self.recall_present(node)
        return host

    def recall_present(self, part: "LabPart") -> None:
        """*part* was there to be plugged in."""
        self._present.add(part.guid)

    def recall_switch(self, switch: "Segment", *, up: bool) -> bool:
        """Whether *switch* stands, with all that is plugged into it."""
        ends = self._recall.switch(switch, up=up)
        if ends is None:
            return False
        self._switches.add(switch.guid)
        self._remember(switch, ends)
        return True

    def recall_link(self, link: "Segment") -> "LinkHandle | None":
        """The devices of *link*; None for one that was not finished, of which nothing is left."""
        found = self._recall.link(link)
        if found is None:
            return None
        handle, ends = found
        self._remember(link, ends)
        return handle

    def _remember(self, segment: "Segment", ends: list[Port]) -> None:
        """Who has which name and address, as it was."""
        left = list(ends)
        for end in segment.ends():
            port = next((port for port in left if port.host == end.node.lab_name), None)
            if port is None:
                continue
            left.remove(port)
            key = segment.guid, end.owner.guid
            self._plugs[key] = port
            self._ifnames.setdefault(end.node.guid, {})[end.neighbour(segment)] = port.ifname
            self._plan.remember(key, port.addresses)

    # -- plugging in -------------------------------------------------------------------------

    def arrive(self, owner: "LabPart") -> None:
        """*owner* can be plugged in from now on; it is, into the switches that are there."""
        with self._lock:
            self._present.add(owner.guid)
        self.settle(owner)

    def settle(self, owner: "LabPart") -> None:
        """Plug into the switches of *owner* whoever waits, unless more are about to arrive.

        The last of a deployment plugs in all of it: one request to the lab instead of hundreds.
        """
        for switch in owner.get_connected():
            with self._lock:
                is_there = switch.guid in self._switches
            if is_there and not self._expects_more(switch, owner):
                self.plug(switch)  # type: ignore[arg-type]

    def _expects_more(self, switch: "ResourceManager", owner: "LabPart") -> bool:
        """Whether others of the same deployment are on their way to *switch*."""
        # from the end: what was connected last usually arrives last
        return any(
            other.guid not in self._present
            and other.state < ResourceState.READY
            and other.deployment_group == owner.deployment_group is not None
            and not other.releasing
            and not self._ec.waiting_for(other.guid)
            for other in reversed(switch.get_connected())
            if other is not owner
        )

    def open_switch(self, switch: "Segment", *, up: bool) -> None:
        """Make *switch* with all that is there to be plugged in."""
        with self.claimed(switch) as ports:
            self.lab.add_switch(switch.lab_name, ports, up=up)
            with self._lock:
                self._switches.add(switch.guid)
        # whoever arrived meanwhile did not see the switch
        self.plug(switch)

    def plug(self, switch: "Segment") -> None:
        """Plug what is present and not plugged in yet into a switch that exists."""
        with self.claimed(switch) as ports:
            if ports:
                self.lab.add_ports(switch.lab_name, ports)

    @contextmanager
    def claimed(self, segment: "Segment") -> "Iterator[list[Port]]":
        """The ports that the caller, and nobody else, plugs in now; given back on an error."""
        with self.working():
            with self._lock:
                claimed = {
                    key: self._port(segment, end)
                    for end in segment.ends()
                    if end.owner.guid in self._present
                    and (key := (segment.guid, end.owner.guid)) not in self._plugs
                }
                self._plugs.update(claimed)
                self._unmade |= claimed.keys()
            try:
                yield list(claimed.values())
            except BaseException:
                with self._lock:
                    for key in claimed:
                        self._plugs.pop(key, None)
                raise
            finally:
                with self._lock:
                    self._unmade -= claimed.keys()

    def unplug(self, switch: "Segment", owner: int) -> None:
        """Pull one end out of a switch; nothing when it is not plugged in."""
        with self._lock:
            port = self._plugs.pop((switch.guid, owner), None)
        if port is not None:
            with self.working():
                self.lab.remove_port(switch.lab_name, port.host, port.ifname)

    def leave(self, interface: "Interface") -> None:
        """*interface* cannot be plugged in any more."""
        with self._lock:
            self._present.discard(interface.guid)
        channel = interface.channel
        if channel is not None and channel.guid in self._switches:
            self.unplug(channel, interface.guid)

    @contextmanager
    def closing(self, segment: "Segment") -> "Iterator[None]":
        """*segment*, and what was plugged into it, is taken away in the body."""
        with self.working():
            with self._lock:
                self._switches.discard(segment.guid)
                for key in [key for key in self._plugs if key[0] == segment.guid]:
                    del self._plugs[key]
            yield

    def plugged(self, owner: "LabPart") -> Port | None:
        """The port of an interface, or of a node's first direct connection; None: none yet."""
        with self._lock:
            return next((port for key, port in self._plugs.items() if key[1] == owner.guid), None)

    def plugs(self) -> dict[tuple[int, int], Port]:
        """All that is plugged in: (segment, node or interface) -> port."""
        with self._lock:
            return {key: port for key, port in self._plugs.items() if key not in self._unmade}

    # -- names and addresses -----------------------------------------------------------------

    def _port(self, segment: "Segment", end: End) -> Port:
        key = (segment.guid, end.owner.guid)
        if key not in self._plan.ports:
            self._replan()
        addresses = self._plan.ports[key]
        interface = end.interface
        return Port(
            host=end.node.lab_name,
            ifname=self._ifnames[end.node.guid][end.neighbour(segment)],
            mac=(interface.mac if interface else None) or readable_mac(addresses.ip4),
            addresses=addresses.cidrs,
            mtu=interface.mtu if interface else 1500,
            up=interface.up if interface else True,
        )

    def _replan(self) -> None:
        """Plan for all that is described by now; what was planned before stays."""
        living = self.living()
        for node in living:
            if node.role == NODE:
                self._name_interfaces(node)
        asks = [self._ask(part) for part in living if part.role == SEGMENT]  # type: ignore[arg-type]
        self._plan = plan_addresses(asks, self._plan)

    def _name_interfaces(self, node: "LabPart") -> None:
        others = [self.parts[rm.guid] for rm in node.get_connected() if rm.guid in self.parts]
        wanted = [
            (part.guid, (part.get("name") or "") if part.role == INTERFACE else "")
            for part in others
        ]
        names = interface_names(node.lab_name, wanted, self._ifnames.get(node.guid, {}))
        self._ifnames[node.guid] = names

    def _ask(self, segment: "Segment") -> SegmentAsk:
        asks = []
        for end in segment.ends():
            ifname = self._ifnames[end.node.guid][end.neighbour(segment)]
            named = end.interface
            asks.append(
                PortAsk(
                    key=(segment.guid, end.owner.guid),
                    name=f"{end.node.lab_name}.{ifname}",
                    ip4=(named.ip4 if named else None) or "",
                    ip6=(named.ip6 if named else None) or "",
                    ipv6=end.node.ipv6,
                )
            )
        return SegmentAsk(
            key=segment.guid,
            name=segment.lab_name,
            ports=tuple(asks),
            network=segment.network or "",
        )

    # -- names and routes --------------------------------------------------------------------

    @contextmanager
    def working(self) -> "Iterator[None]":
        """While the lab changes; the last one to leave publishes names and routes."""
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
                last = not self._busy
            if last and not self._expects_links():
                self.publish()

    def _expects_links(self) -> bool:
        """Whether links are about to be made, since their ends are there: the last one publishes.

        While each measures itself nobody is at work, and a large lab would publish for each.
        """
        with self._lock:
            made = {segment for segment, _ in self._plugs}
        # from the end: what was described last usually comes last
        return any(
            part.role == SEGMENT
            and part.guid not in made
            and part.is_imminent  # type: ignore[attr-defined]
            and not self._ec.waiting_for(part.guid)
            for part in reversed(list(self.parts.values()))
        )

    def publish(self, changed: "Mapping[tuple[int, str], Value] | None" = None) -> None:
        """Tell the lab the names and routes of what is plugged in.

        *changed*: attributes of nodes that are about to have other values.
        """
        if self._gathering:
            return
        nodes = self.present_nodes()
        # when all of it is torn down, nobody is left to be told
        if not all(node.releasing for node in nodes):
            self._publisher.publish(nodes, changed or {})

    @property
    def routes(self) -> int:
        """How many routes the nodes have that the lab found for them."""
        return self._publisher.routes

    @contextmanager
    def gathering(self) -> "Iterator[None]":
        """Inside, attributes of many nodes change; the routes are published once, at the end."""
        with self._lock:
            self._gathering += 1
        try:
            yield
        finally:
            with self._lock:
                self._gathering -= 1
            self.publish()

    def present_nodes(self) -> "list[NetnsNode]":
        """The nodes that have a host."""
        with self._lock:
            present = set(self._present)
        return [part for part in self.living() if part.role == NODE and part.guid in present]  # type: ignore[misc]
