"""Links and switches whose parts are on several machines: tunnels between the parts.

Each link or switch has a number of its own, drawn at random, so that runs beside each other do not
meet. What a link does to packets is done by the side that sends them.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

from nepishell.core.errors import BadValue, HostError
from nepishell.hosts.netns import wire
from nepishell.hosts.netns.lab import Lab, derived_seed
from nepishell.hosts.netns.link import engine_and_why
from nepishell.hosts.netns.model import LinkReport, Measured, Port, Shape
from nepishell.hosts.netns.shapes import to_fields

#: The UDP port of VXLAN.
PORT = 4789
#: What VXLAN puts around a packet, over IPv4 and IPv6 (RFC 7348).
_OVERHEAD = {4: 50, 6: 70}
_TRIES = 4
_PROBES = 8
#: Percent of loss from which on it says nothing that no echo comes back.
_HOPELESS = 40.0
_RTT = re.compile(r"= [\d.]+/([\d.]+)/")
_COUNTS = re.compile(r"(\d+) packets transmitted, (\d+) received")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How packets go between two machines: what each is to the other, and the largest of ours."""

    one: str  # the first, as it calls itself
    two: str  # the second, likewise
    one_seen: str  # the first, as the second reaches it
    two_seen: str
    mtu: int


def find_way(one: Lab, two: Lab) -> Way:
    """Raises HostError where there is none."""
    if not two.address:
        turned = find_way(two, one)
        return Way(
            one=turned.two, two=turned.one, one_seen=turned.two_seen, two_seen=turned.one_seen,
            mtu=turned.mtu,
        )  # fmt: skip
    seen = one.resolve(two.address)
    local, mtu = one.underlay(seen)
    if local == seen:
        raise HostError(
            f"{two.address} and {one.address or 'this machine'} share one network: a link cannot "
            f"lead from there to there; build both of its hosts on one node"
        )
    own, back_mtu = two.underlay(local)
    return Way(
        one=local,
        two=own,
        one_seen=local,
        two_seen=seen,
        mtu=min(mtu, back_mtu) - _OVERHEAD[6 if ":" in seen else 4],
    )


def new_number() -> int:
    """A VXLAN number that nobody else is likely to have."""
    return int.from_bytes(os.urandom(3), "big") or 1


class SpanningLink:
    """A link between machines, in the hands of who made it; used as a LinkHandle is."""

    def __init__(self, name: str, labs: tuple[Lab, Lab], ports: tuple[Port, Port]) -> None:
        """For add_spanning_link()."""
        self.name = name
        self._labs = labs
        self.ports = ports
        self._shapes = Shape(), Shape()
        self.engine = self.why = ""

    @property
    def mtu(self) -> int:
        """The largest packet that either end sends, bytes."""
        return min(port.mtu for port in self.ports)

    def build(self, way: Way, shapes: tuple[Shape, Shape], seed: int, engine: str) -> None:
        """Make both halves, or none."""
        number = new_number()
        self._shapes = shapes
        tunnels = (number, way.one, way.two_seen), (number, way.two, way.one_seen)
        made = []
        answers: list[wire.Json] = []
        try:
            for side, (lab, port) in enumerate(zip(self._labs, self.ports, strict=True)):
                out, back = shapes if side == 0 else shapes[::-1]
                answers.append(
                    lab.call(
                        "add_half", self.name, lab.port_fields(port), to_fields(out),
                        to_fields(back), seed + side, engine, tunnels[side],
                    )
                )  # fmt: skip
                made.append(lab)
        except HostError:
            for lab in made:
                lab.call("remove_half", self.name)
            raise
        self._note(answers)

    def set_shape(self, forward: Shape, backward: Shape) -> None:
        """Change what it does while traffic flows."""
        one, two = self._labs
        ways = to_fields(forward), to_fields(backward)
        first = one.call("set_half", self.name, *ways)
        self._shapes = forward, backward
        self._note([first, two.call("set_half", self.name, *ways[::-1])])

    def remove(self) -> int:
        """Take it and the interfaces at its ends away; of a part that is gone they are.

        Gives frames that were lost on our side: the kernel carries these, and tells of none.
        """
        for lab in self._labs:
            if not lab.is_gone:
                lab.call("remove_half", self.name)
        return 0

    def queued(self) -> tuple[int, int]:
        """Raises HostError: what waits on another machine is not asked for."""
        raise HostError(f"{self.name} leads to another machine: its queues cannot be read")

    def measure(self) -> LinkReport:
        """Echo requests through it: the clocks of two machines cannot tell the ways apart.

        What the round trip takes more or less than declared is shared by both ways. Rates are not
        measured. Raises HostError when nothing comes back.
        """
        forward, backward = self._shapes
        report = LinkReport(
            engine=self.engine, why=self.why, judges_delay=bool(forward.delay or backward.delay)
        )
        one, two = self.ports
        address = next((cidr.partition("/")[0] for cidr in two.addresses), "")
        if not (address and one.up and two.up and forward.up and backward.up):
            return report
        limit = max(1, round(2 + 2 * sum(way.delay + way.jitter for way in self._shapes)))
        argv = ["ping", "-n", "-q", "-c", str(_PROBES), "-i", "0.02", "-W", str(limit), address]
        done = self._labs[0].host(one.host).run(argv)
        counts, rtt = _COUNTS.search(done.stdout), _RTT.search(done.stdout)
        if counts is None:
            return report
        sent, received = map(int, counts.groups())
        if not received and max(forward.loss, backward.loss) < _HOPELESS:
            raise HostError(
                f"no packet came back through {self.name}: is UDP port {PORT} open between "
                f"{' and '.join(lab.address or 'this machine' for lab in self._labs)}?"
            )
        rest = float(rtt.group(1)) / 1e3 - forward.delay - backward.delay if rtt else None
        counted = _counted(self._shapes, sent, received)
        ways = [
            Measured(
                delay=None if rest is None else max(0.0, shape.delay + rest / 2),
                sent=sent,
                received=got,
            )
            for shape, (sent, got) in zip(self._shapes, counted, strict=True)
        ]
        return replace(report, forward=ways[0], backward=ways[1])

    def _note(self, answers: list[wire.Json]) -> None:
        (engine, why), (other, other_why) = (engine_and_why(answer) for answer in answers)
        self.engine = engine if engine == other else f"{engine}+{other}"
        why = why if why == other_why else f"{why}; {other_why}"
        self.why = f"{why}; by VXLAN between machines, so its rate is not measured"


def _counted(shapes: tuple[Shape, Shape], sent: int, received: int) -> list[tuple[int, int]]:
    """Of each way, how many probes were sent and arrived, as far as their echoes can tell."""
    loses = [bool(shape.loss or shape.corrupt) for shape in shapes]
    if all(loses):
        return [(0, 0), (0, 0)]
    if not any(loses):
        return [(sent, received), (sent, received)]
    return [(sent, received if lossy else sent) for lossy in loses]


def add_spanning_link(
    name: str,
    labs: tuple[Lab, Lab],
    ports: tuple[Port, Port],
    forward: Shape,
    backward: Shape,
    *,
    engine: str = "auto",
) -> SpanningLink:
    """A link between hosts on two machines; both ends get the MTU that fits the way between them.

    Raises HostError; nothing of it is left then.
    """
    way = find_way(*labs)
    one, two = (replace(port, mtu=min(port.mtu, way.mtu)) for port in ports)
    if way.mtu < 68:
        raise BadValue(f"{name}: packets between the machines hold {way.mtu} bytes of ours")
    link = SpanningLink(name, labs, (one, two))
    for last in range(1, _TRIES + 1):
        try:
            link.build(way, (forward, backward), derived_seed(labs[0].seed, name), engine)
        except HostError as problem:
            # somebody has our number
            if "exists" not in str(problem) or "VXLAN" not in str(problem) or last == _TRIES:
                raise
            continue
        break
    return link


class SpanningSwitch:
    """The parts of one switch, each a bridge on a machine, every one joined to every other."""

    def __init__(self, name: str, *, up: bool) -> None:
        self.name = name
        self.up = up
        self.labs: list[Lab] = []
        self._number = new_number()
        self._mtu = 0
        self._ports: list[tuple[Lab, Port]] = []
        # who comes second must see what the first one made
        self._turn = Lock()

    @classmethod
    def around(cls, name: str, lab: Lab, ports: Sequence[Port], *, up: bool) -> "SpanningSwitch":
        """A switch that is in one part of the lab already, with those *ports*."""
        switch = cls(name, up=up)
        switch.labs.append(lab)
        switch._ports = [(lab, port) for port in ports]
        return switch

    def add_ports(self, lab: Lab, ports: list[Port]) -> None:
        """Plug hosts of one machine in, or none of them; its part is made with the first."""
        with self._turn:
            self._add_ports(lab, ports)

    def _add_ports(self, lab: Lab, ports: list[Port]) -> None:
        is_new = lab not in self.labs
        ways = {other: find_way(lab, other) for other in self.labs} if is_new else {}
        mtus = [way.mtu for way in ways.values()] + [self._mtu or 65535]
        mtu = min(mtus)
        fitting = [replace(port, mtu=min(port.mtu, mtu)) for port in ports]
        if not is_new:
            lab.add_ports(self.name, fitting)
        else:
            lab.add_switch(self.name, fitting, up=self.up)
            try:
                self._join(lab, ways, mtu)
            except HostError:
                lab.remove_switch(self.name)
                raise
        self._ports += [(lab, port) for port in fitting]

    def remove_port(self, lab: Lab, host: str, ifname: str) -> None:
        """Unplug; the interface is gone from the host."""
        lab.remove_port(self.name, host, ifname)
        self._ports = [
            (where, port)
            for where, port in self._ports
            if (where, port.host, port.ifname) != (lab, host, ifname)
        ]

    def set_up(self, up: bool) -> None:
        """Switch all of it on or off."""
        self.up = up
        for lab in self.labs:
            lab.set_switch_up(self.name, up)

    def forget(self, lab: Lab) -> None:
        """A part of the lab is gone, and the switch's part with it."""
        if lab in self.labs:
            self.labs.remove(lab)
        self._ports = [(where, port) for where, port in self._ports if where is not lab]

    def remove(self) -> None:
        """Take all parts away with the interfaces that are plugged in."""
        labs, self.labs = self.labs, []
        for lab in labs:
            if not lab.is_gone:
                lab.call("remove_trunk", self.name)
                lab.remove_switch(self.name)

    def _join(self, lab: Lab, ways: dict[Lab, Way], mtu: int) -> None:
        """Join a new part to those that are there, whose interfaces may have to become smaller."""
        if ways:
            remotes = [way.two_seen for way in ways.values()]
            lab.call("add_trunk", self.name, self._number, mtu, remotes)
        for other, way in ways.items():
            other.call("add_trunk", self.name, self._number, mtu, [way.one_seen])
        if ways and mtu != self._mtu:
            self._mtu = mtu
            self._ports = [(where, self._shrunk(where, port)) for where, port in self._ports]
        self.labs.append(lab)

    def _shrunk(self, lab: Lab, port: Port) -> Port:
        if port.mtu <= self._mtu:
            return port
        lab.set_port(port.host, port.ifname, mtu=self._mtu)
        return replace(port, mtu=self._mtu)
