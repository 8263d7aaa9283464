"""Links between two hosts: the devices of each engine, and the change from one to another.

A direct link (veth, tbf, netem) is one pair whose ends are in the hosts. A relayed link is two
pairs: the hosts' ends, and two ends in the core between which a relay process carries frames.
Loaded by the keeper with the first link: labs without links do not pay for it.
"""

import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from nepishell.core.errors import HostError
from nepishell.hosts.netns import addressing, engines, kernel, messages, probe, qdisc, relayport
from nepishell.hosts.netns.building import LAB_GROUP, Builder, BuildError, End
from nepishell.hosts.netns.engines import NETEM, RELAY, VETH, Capabilities
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.netlink import Message, NetlinkError
from nepishell.hosts.netns.relaydirection import lost_of
from nepishell.hosts.netns.relaypool import RelayLink, RelayPool

_KEPT = "kept from before: leaving the relay would interrupt the traffic"


class Cable:
    """One link: its ends, what it is to do, and what carries it."""

    def __init__(
        self, name: str, ends: tuple[End, End], shapes: tuple[Shape, Shape], seed: int, wish: str
    ) -> None:
        self.name = name
        self.a, self.b = ends
        self.forward, self.backward = shapes
        self.seed = seed
        self.wish = wish
        self.engine = self.why = ""

    @property
    def is_cut(self) -> bool:
        """Whether the interfaces must be down because nothing else can stop the packets."""
        return self.engine not in (RELAY, NETEM) and not (self.forward.up or self.backward.up)

    @property
    def sides(self) -> tuple[tuple[End, Shape], tuple[End, Shape]]:
        """Each end with the shape of what it sends."""
        return (self.a, self.forward), (self.b, self.backward)


class Cables:
    """All links of one lab. One thread only, which is in the core between calls."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._core = builder.core
        self.pool = RelayPool()
        self._by_name: dict[str, Cable] = {}
        self._capabilities: Capabilities | None = None

    @property
    def relay_pids(self) -> list[int]:
        return self.pool.pids

    def __iter__(self) -> Iterator[Cable]:
        return iter(self._by_name.values())

    def cable(self, name: str) -> Cable:
        try:
            return self._by_name[name]
        except KeyError:
            raise BuildError(f"the lab has no link '{name}'") from None

    def add(self, cable: Cable) -> tuple[str, str]:
        """Build a link, or nothing of it; the engine that carries it, and why this one."""
        if cable.name in self._by_name:
            raise BuildError(f"the lab already has a link '{cable.name}'")
        cable.engine, cable.why = engines.choose(
            cable.forward, cable.backward, self.kernel_can(), cable.wish
        )
        self._builder.claim((cable.a, cable.b))
        self._by_name[cable.name] = cable
        try:
            self._build(cable)
        except OSError:
            self.remove(cable.name)
            raise
        return cable.engine, cable.why

    def set_shape(self, name: str, forward: Shape, backward: Shape) -> tuple[str, str]:
        """Change what a link does while it is in use; the engine may become another."""
        cable = self.cable(name)
        engine, why = engines.choose(forward, backward, self.kernel_can(), cable.wish)
        if cable.engine == RELAY and engine != RELAY:
            engine, why = RELAY, _KEPT
        before, cable.engine, cable.why = cable.engine, engine, why
        cable.forward, cable.backward = forward, backward
        if engine != RELAY:
            self._shape(cable)
        elif before == RELAY:
            self.pool.set_shape(name, forward, backward)
            self._set_offloads(cable)
        else:
            self._become_relayed(cable)
        return engine, why

    def probe_sockets(self, name: str) -> tuple[socket.socket, socket.socket]:
        """Sockets for probes at both ends of a link; the caller closes them."""
        cable = self.cable(name)
        with self.inside(cable.a):
            a = probe.open_probe_socket(cable.a.ifname)
        try:
            with self.inside(cable.b):
                return a, probe.open_probe_socket(cable.b.ifname)
        except HostError:
            a.close()
            raise

    def remove(self, name: str) -> int:
        """Take a link and the interfaces at its ends away; frames lost because we were too slow."""
        cable = self.cable(name)
        del self._by_name[name]
        lost = 0
        if cable.engine == RELAY:
            # one that could not be built was never carried
            with suppress(HostError):
                lost = sum(map(lost_of, self.pool.remove(name).values()))
        self._builder.remove_ends((cable.a, cable.b))
        return lost

    def queues(self, name: str) -> tuple[int, int]:
        """Packets of a link that wait now, forward and backward."""
        cable = self.cable(name)
        if cable.engine == RELAY:
            found = self.pool.stats(name)
            return int(found["forward"]["waiting"]), int(found["backward"]["waiting"])
        if cable.engine == VETH:
            return 0, 0
        one, two = (
            qdisc.queued(self._builder.space(end).netlink.ask(qdisc.look(end.index)))
            for end, _ in cable.sides
        )
        return one, two

    def losses(self) -> dict[str, int]:
        """Frames that were lost because we were too slow, by link, where there are any."""
        return self.pool.losses()

    def remove_of(self, hosts: Collection[str]) -> None:
        """Remove every link that ends in one of *hosts*."""
        for cable in list(self._by_name.values()):
            if cable.a.host in hosts or cable.b.host in hosts:
                self.remove(cable.name)

    def close(self) -> None:
        """End the relay processes; devices go with the lab."""
        self.pool.close()

    def kernel_can(self) -> Capabilities:
        """What this kernel can do to packets; found out once."""
        if self._capabilities is None:
            self._capabilities = engines.probe_kernel()
        return self._capabilities

    def _build(self, cable: Cable) -> None:
        if cable.engine == RELAY:
            self._core.netlink.send([self.core_pair(end) for end in (cable.a, cable.b)])
            self._builder.configure((cable.a, cable.b))
            self._relay(cable)
            return
        self._builder.space(cable.a).netlink.send((self._direct_pair(cable),))
        self._shape(cable)

    def _direct_pair(self, cable: Cable) -> Message:
        a, b = cable.a, cable.b
        a.index, b.index = self._core.new_index(), self._core.new_index()
        return messages.veth(
            what=f"link {cable.name}",
            index=a.index,
            name=a.ifname,
            mac=a.mac,
            mtu=a.mtu,
            up=False,
            peer_ns=self._builder.space(b).net,
            peer_index=b.index,
            peer_name=b.ifname,
            peer_mac=b.mac,
            peer_mtu=b.mtu,
        )

    def core_pair(self, end: End) -> Message:
        """One end in the core for the relay, the other in the host."""
        end.core_index, end.index = self._core.new_index(), self._core.new_index()
        return messages.veth(
            what=str(end),
            index=end.core_index,
            name=_core_name(end.core_index),
            group=LAB_GROUP,
            mtu=end.mtu,
            peer_ns=self._builder.space(end).net,
            peer_index=end.index,
            peer_name=end.ifname,
            peer_mac=end.mac,
            peer_mtu=end.mtu,
        )

    def _shape(self, cable: Cable) -> None:
        """Have the kernel do what a direct link is to do."""
        for way, (end, shape) in enumerate(cable.sides):
            end.is_cut = cable.is_cut
            send = self._builder.space(end).netlink.send
            if cable.engine == VETH:
                # one that had no shape has nothing to take away
                with suppress(NetlinkError):
                    send((qdisc.delete(end.index),))
            else:
                send(qdisc.replace(end.index, cable.engine, shape, cable.seed + way))
            addressing.set_state(self._builder.hosts[end.host], end)
        self._builder.space(cable.a).netlink.send(
            (messages.sync_link(str(cable.a), cable.a.index),)
        )
        if cable.engine == NETEM:
            self._set_offloads(cable)

    def _relay(self, cable: Cable) -> None:
        """Have a relay process carry the frames between the core's ends."""
        a = relayport.open_port(_core_name(cable.a.core_index))
        try:
            b = relayport.open_port(_core_name(cable.b.core_index))
        except HostError:
            a.close()
            raise
        link = RelayLink(
            name=cable.name,
            a=a,
            b=b,
            forward=cable.forward,
            backward=cable.backward,
            seed=cable.seed,
        )
        self.pool.add((link,))
        self._set_offloads(cable)

    def _set_offloads(self, cable: Cable) -> None:
        for end, shape in cable.sides:
            with self.inside(end):
                relayport.set_offloads(end.ifname, on=not engines.segments_apart(shape))

    def _become_relayed(self, cable: Cable) -> None:
        """Turn a direct link into a relayed one while it is in use.

        The far end of the pair moves to the core; its host gets a new end of the same name, MAC
        and addresses, and its routes again. The near host sees its carrier go and come.
        """
        a, b = cable.a, cable.b
        a.is_cut = b.is_cut = False
        for end in (a, b):
            with suppress(NetlinkError):
                self._builder.space(end).netlink.send((qdisc.delete(end.index),))
        index = self._core.new_index()
        move = messages.move_link(
            f"link {cable.name}",
            b.index,
            target_ns=self._core.net,
            name=_core_name(index),
            new_index=index,
        )
        self._builder.space(b).netlink.send((move,))
        a.core_index = index
        adopt = messages.set_link(f"link {cable.name}", index, up=True, group=LAB_GROUP)
        self._core.netlink.send((adopt, self.core_pair(b)))
        self._builder.configure((b,))
        for end in (a, b):
            addressing.set_state(self._builder.hosts[end.host], end)
        self._relay(cable)

    @contextmanager
    def inside(self, end: End) -> Iterator[None]:
        """In the network namespace of an end's host."""
        kernel.setns(self._builder.space(end).net, kernel.CLONE_NEWNET)
        try:
            yield
        finally:
            self._core.enter_net()

    @staticmethod
    def core_name(end: End) -> str:
        """The name of the device in the core that belongs to a relayed end."""
        return _core_name(end.core_index)


def _core_name(index: int) -> str:
    return f"r{index}"
