"""What leads to other machines: halves of links, and trunks of switches, by VXLAN (RFC 7348).

The tunnel's packets travel through the machine's own network, its device is in the lab. Of a link
between machines each side makes its half and shapes what its own end sends. Loaded by the keeper
with the first of them.
"""

import socket
from collections.abc import Collection, Sequence
from contextlib import closing, suppress

from nepishell.core.errors import HostError
from nepishell.hosts.netns import addressing, engines, kernel, messages, netlink, qdisc, relayport
from nepishell.hosts.netns.building import LAB_GROUP, Builder, BuildError, End
from nepishell.hosts.netns.cables import Cables
from nepishell.hosts.netns.engines import RELAY, VETH
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.relaypool import RelayLink

#: The port that IANA gave to VXLAN.
PORT = 4789
_MTU_OPTIONS = {socket.AF_INET: (socket.IPPROTO_IP, 14), socket.AF_INET6: (socket.IPPROTO_IPV6, 24)}


class Tunnel:
    """Between two machines: its number, and the addresses at both ends."""

    def __init__(self, number: int, local: str, remote: str) -> None:
        self.number = number
        self.local = local
        self.remote = remote


class Half:
    """Our half of a link: our end, what it sends, and whether anything comes back."""

    def __init__(self, name: str, end: End, tunnel: Tunnel, seed: int, wish: str) -> None:
        self.name = name
        self.end = end
        self.tunnel = tunnel
        self.seed = seed
        self.wish = wish
        self.out = Shape()
        self.back = Shape()
        self.engine = self.why = ""
        self.trunk_index = 0  # of the tunnel's device, where it is in the core


class Trunks:
    """All that leads to other machines. One thread only, which is in the core between calls."""

    def __init__(self, builder: Builder, cables: Cables) -> None:
        self._builder = builder
        self._core = builder.core
        self._cables = cables
        self._halves: dict[str, Half] = {}
        self._trunks: dict[str, int] = {}

    def underlay(self, remote: str) -> tuple[str, int]:
        """Our address towards *remote* (an address), and the largest packet on the way there."""
        family = socket.AF_INET6 if ":" in remote else socket.AF_INET
        self._go_outside()
        try:
            with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
                probe.connect((remote, PORT))
                mtu = probe.getsockopt(*_MTU_OPTIONS[family])
                return probe.getsockname()[0], mtu
        except OSError as problem:
            raise BuildError(f"no way from here to {remote}: {problem.strerror}") from problem
        finally:
            self._core.enter_net()

    # -- links ------------------------------------------------------------------------------------

    def add_half(self, half: Half, out: Shape, back: Shape) -> tuple[str, str]:
        """Build our half of a link, or nothing of it; what carries it, and why."""
        if half.name in self._halves:
            raise BuildError(f"the lab already has a link '{half.name}'")
        half.out, half.back = out, back
        half.engine, half.why = self._choose(half, out, back)
        self._builder.claim((half.end,))
        self._halves[half.name] = half
        try:
            self._build(half)
        except OSError:
            self.remove_half(half.name)
            raise
        return half.engine, half.why

    def set_shape(self, name: str, out: Shape, back: Shape) -> tuple[str, str]:
        """Change what our half does; where that needs another engine it is built anew."""
        half = self._half(name)
        engine, why = self._choose(half, out, back)
        if half.engine == RELAY:
            engine, why = RELAY, why if engine == RELAY else "kept from before"
        half.out, half.back = out, back
        if engine != half.engine and RELAY in (engine, half.engine):
            self._builder.remove_ends((half.end,))
            self._builder.removals.flush()
            self._builder.claim((half.end,))
            half.engine, half.why = engine, why
            self._build(half)
            addressing.restore_routes(self._builder.host(half.end.host))
            return engine, why
        half.engine, half.why = engine, why
        if engine == RELAY:
            self._cables.pool.set_shape(name, out, Shape(up=back.up))
        else:
            self._shape(half)
        return engine, why

    def remove_half(self, name: str) -> None:
        """Take our half away, with the interface at its end."""
        half = self._half(name)
        del self._halves[name]
        if half.engine == RELAY:
            # one that could not be built was never carried
            with suppress(HostError):
                self._cables.pool.remove(name)
        if half.trunk_index:
            self._builder.removals.add_devices((half.trunk_index,))
        self._builder.remove_ends((half.end,))

    def remove_of(self, hosts: Collection[str]) -> None:
        """Remove every half that ends in one of *hosts*."""
        for half in list(self._halves.values()):
            if half.end.host in hosts:
                self.remove_half(half.name)

    def _half(self, name: str) -> Half:
        try:
            return self._halves[name]
        except KeyError:
            raise BuildError(f"the lab has no link '{name}'") from None

    def _choose(self, half: Half, out: Shape, back: Shape) -> tuple[str, str]:
        can = self._cables.kernel_can()
        return engines.choose(out, Shape(up=back.up), can, half.wish)

    def _build(self, half: Half) -> None:
        end = half.end
        end.index, end.core_index, half.trunk_index = self._core.new_index(), 0, 0
        if half.engine != RELAY:
            self._make_tunnel(half, end.index, end.ifname, self._builder.space(end).net, end.mac)
            self._shape(half)
            return
        half.trunk_index = self._core.new_index()
        self._make_tunnel(half, half.trunk_index, f"v{half.trunk_index}", self._core.net)
        self._core.netlink.send((self._cables.core_pair(end),))
        self._builder.configure((end,))
        self._relay(half)

    def _make_tunnel(
        self, half: Half, index: int, name: str, target_ns: int, mac: bytes = b""
    ) -> None:
        make = messages.vxlan(
            what=f"link {half.name}",
            index=index,
            name=name,
            target_ns=target_ns,
            number=half.tunnel.number,
            port=PORT,
            mtu=half.end.mtu,
            local=half.tunnel.local,
            remote=half.tunnel.remote,
            mac=mac,
            group=LAB_GROUP if target_ns == self._core.net else 0,
        )
        self._send_outside((make,))

    def _shape(self, half: Half) -> None:
        """Have the kernel do what our end sends."""
        end = half.end
        end.is_cut = not (half.out.up and half.back.up)
        send = self._builder.space(end).netlink.send
        if half.engine == VETH:
            # one that had no shape has nothing to take away
            with suppress(netlink.NetlinkError):
                send((qdisc.delete(end.index),))
        else:
            send(qdisc.replace(end.index, half.engine, half.out, half.seed))
        addressing.set_state(self._builder.host(end.host), end)

    def _relay(self, half: Half) -> None:
        a = relayport.open_port(self._cables.core_name(half.end))
        try:
            b = relayport.open_port(f"v{half.trunk_index}")
        except HostError:
            a.close()
            raise
        # what comes back was shaped where it was sent
        link = RelayLink(
            name=half.name, a=a, b=b, forward=half.out, backward=Shape(up=half.back.up),
            seed=half.seed,
        )  # fmt: skip
        self._cables.pool.add((link,))
        with self._cables.inside(half.end):
            relayport.set_offloads(half.end.ifname, on=False)

    # -- switches ---------------------------------------------------------------------------------

    def add_trunk(self, switch: str, number: int, mtu: int, remotes: Sequence[str]) -> None:
        """Join a switch to its parts on other machines, or to more of them."""
        bridge = self._builder.switch(switch)
        index = self._trunks.get(switch)
        if index is None:
            index = self._core.new_index()
            make = messages.vxlan(
                what=f"switch {switch}",
                index=index,
                name=f"v{index}",
                target_ns=self._core.net,
                number=number,
                port=PORT,
                mtu=mtu,
                master=bridge.index,
                group=LAB_GROUP,
            )
            self._send_outside((make,))
            self._trunks[switch] = index
        self._core.netlink.send(
            [messages.flood(f"switch {switch} to {remote}", index, remote) for remote in remotes]
        )

    def remove_trunk(self, switch: str) -> None:
        """Part a switch from other machines; silent where it has no other part."""
        if index := self._trunks.pop(switch, 0):
            self._builder.removals.add_devices((index,))

    # -- the machine ------------------------------------------------------------------------------

    def _go_outside(self) -> None:
        if self._core.outside < 0:
            raise BuildError("a link to another machine needs root on both: log in as root there")
        kernel.setns(self._core.outside, kernel.CLONE_NEWNET)

    def _send_outside(self, wanted: Sequence[netlink.Message]) -> None:
        self._go_outside()
        try:
            with closing(netlink.Socket()) as machine:
                machine.send(wanted)
        except netlink.NetlinkError as problem:
            if problem.errno == 95:  # EOPNOTSUPP
                raise BuildError(f"{problem.what}: this kernel has no VXLAN") from problem
            raise
        finally:
            self._core.enter_net()
