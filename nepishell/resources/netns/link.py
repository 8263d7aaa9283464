"""A point-to-point link that says what it does, and proves it before anything runs over it."""

from dataclasses import replace

from nepishell.core.attributes import Attribute, Flags, Types, Value
from nepishell.core.errors import HostError, NepishellError
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceState
from nepishell.core.traces import Trace
from nepishell.hosts.netns.engines import RELAY
from nepishell.hosts.netns.link import LinkHandle
from nepishell.hosts.netns.model import LinkReport, Measured, Shape
from nepishell.hosts.netns.probeplan import misses
from nepishell.hosts.netns.spanning import SpanningLink
from nepishell.resources.netns.segment import Segment
from nepishell.resources.sampling import Sampling

PROPERTIES = (
    "rate", "delay", "jitter", "loss", "duplicate", "reorder", "corrupt", "queue", "up",
)  # fmt: skip

#: How often a link that missed is measured again.
_RETRIES = 4


def _only(direction: str, name: str) -> str:
    way = (
        "first connected end to the second" if direction == "forward" else "second end to the first"
    )
    return f"{name} from the {way} alone (default: {name})"


def _way(kind: "Types | type", name: str, direction: str) -> Attribute:
    return Attribute(kind, live=True, help=_only(direction, name))


def _cut(ways: tuple[Shape, Shape]) -> tuple[Shape, Shape]:
    """The same, but no packet passes."""
    return replace(ways[0], up=False), replace(ways[1], up=False)


class Link(Segment, Sampling):
    """A link between two nodes; what it does to packets can be set while they flow."""

    rtype = "netns::Link"

    rate = Attribute(Types.Rate, live=True, help="bit/s each way (default: unlimited)")
    delay = Attribute(Types.Duration, live=True, help="how long each packet takes one way")
    jitter = Attribute(
        Types.Duration, live=True, help="each packet takes delay +- jitter; order is kept"
    )
    loss = Attribute(Types.Percent, live=True, help="share of packets lost at random")
    duplicate = Attribute(Types.Percent, live=True, help="share of packets that arrive twice")
    reorder = Attribute(Types.Percent, live=True, help="share of packets that skip the delay")
    corrupt = Attribute(Types.Percent, live=True, help="share of packets with a flipped bit")
    queue = Attribute(
        int, min=0, live=True, help="packets that may wait for the rate; 0: the engine's default"
    )
    up = Attribute(bool, default=True, live=True, help="false: no packet passes")

    rate_forward = _way(Types.Rate, "rate", "forward")
    rate_backward = _way(Types.Rate, "rate", "backward")
    delay_forward = _way(Types.Duration, "delay", "forward")
    delay_backward = _way(Types.Duration, "delay", "backward")
    jitter_forward = _way(Types.Duration, "jitter", "forward")
    jitter_backward = _way(Types.Duration, "jitter", "backward")
    loss_forward = _way(Types.Percent, "loss", "forward")
    loss_backward = _way(Types.Percent, "loss", "backward")
    duplicate_forward = _way(Types.Percent, "duplicate", "forward")
    duplicate_backward = _way(Types.Percent, "duplicate", "backward")
    reorder_forward = _way(Types.Percent, "reorder", "forward")
    reorder_backward = _way(Types.Percent, "reorder", "backward")
    corrupt_forward = _way(Types.Percent, "corrupt", "forward")
    corrupt_backward = _way(Types.Percent, "corrupt", "backward")
    queue_forward = _way(int, "queue", "forward")
    queue_backward = _way(int, "queue", "backward")
    up_forward = _way(bool, "up", "forward")
    up_backward = _way(bool, "up", "backward")

    engine = Attribute(
        default="auto",
        choices=("auto", "netem", "tbf", "relay", "veth"),
        help="what carries packets; auto: the simplest that can do all that is asked",
    )
    tolerance = Attribute(
        Types.Percent, default=20.0, help="how far the link may be from what it declares"
    )
    best_effort = Attribute(
        bool, default=False, help="whether a link that misses its tolerance is only marked suspect"
    )

    engine_used = Attribute(
        flags=Flags.NoWrite, help="what carries packets: netem, tbf, relay, veth"
    )
    engine_why = Attribute(flags=Flags.NoWrite, help="why this engine was chosen")
    suspect = Attribute(
        bool, flags=Flags.NoWrite, default=False, help="whether it missed its tolerance"
    )
    measured_delay = Attribute(
        Types.Duration, flags=Flags.NoWrite, help="one way, measured; the larger of both"
    )
    measured_rate = Attribute(
        Types.Rate, flags=Flags.NoWrite, help="measured; the smaller of both ways"
    )
    measured_loss = Attribute(
        Types.Percent, flags=Flags.NoWrite, help="of the packets sent to measure it, both ways"
    )

    traces = (Trace("qlen", "packets that wait, each way and in all, as `sample` took them",
                    enabled=True),)  # fmt: skip
    samples = {"qlen": ("forward", "backward", "qlen")}

    endpoints = Peer("netns::Node", "netns::Interface", min=2, max=2, help="its two ends, in order")

    weight = Attribute(
        float, default=1.0, min=0.001, max=1e6, live=True, help="what routes by weight count it as"
    )

    _handle: LinkHandle | SpanningLink | None = None

    def shapes(self, changed: dict[str, Value] | None = None) -> tuple[Shape, Shape]:
        """What it shall do forward and backward; *changed* attributes are about to be set."""

        def value(name: str) -> Value:
            found: Value = (changed or {}).get(name, self.get(name))
            return found

        def shape(way: str) -> Shape:
            own = {name: value(f"{name}_{way}") for name in PROPERTIES}
            both = {n: value(n) if v is None else v for n, v in own.items()}
            return Shape(**{n: v for n, v in both.items() if v is not None})  # type: ignore[arg-type]

        return shape("forward"), shape("backward")

    def cost(self, metric: str) -> int | None:
        """Nanoseconds, thousandths of its weight, or nothing; None where a way is cut."""
        forward, backward = self.shapes()
        if not (forward.up and backward.up) or self.state == ResourceState.STOPPED:
            return None
        if metric == "delay":
            return round((forward.delay + backward.delay) / 2 * 1e9)
        return round(float(self.weight) * 1000) if metric == "weight" else 0

    def do_deploy(self) -> None:
        """Make it, then let it prove itself; raises when it misses what it declares."""
        self.freeze_name()
        forward, backward = self.shapes()
        with self.net.claimed(self) as ports:
            if len(ports) != 2:
                raise NepishellError(f"{self.name} needs two ends that are deployed")
            one, two = ports
            self._handle = self.net.lab.add_link(
                self.lab_name, one, two, forward, backward, engine=self.engine
            )
        self._show_engine(self._handle)
        if isinstance(self._handle, SpanningLink):
            self.info(f"{self.name} leads to another machine: packets of {self._handle.mtu} bytes")
        if not (forward.is_plain and backward.is_plain) or isinstance(self._handle, SpanningLink):
            self._prove(self._handle, forward, backward)
        super().do_deploy()

    def take(self, name: str) -> tuple[float, ...]:
        """How many packets wait now: forward, backward, both; raises HostError."""
        if self._handle is None:
            raise HostError(f"{self.name} is {self.state.name}: nothing waits on it")
        forward, backward = self._handle.queued()
        return forward, backward, forward + backward

    @property
    def is_imminent(self) -> bool:
        """Whether it is being deployed, and its ends are there: nothing holds it up any more."""
        return (
            self.state < ResourceState.READY
            and self.deployment_group is not None
            and not self.releasing
            and all(ResourceState.READY <= rm.state < ResourceState.FAILED for rm in self.endpoints)
        )

    def do_fail(self) -> None:
        """Others may have waited for us in order to be published together."""
        super().do_fail()
        with self.net.working():
            pass

    def recall(self) -> None:
        """Its devices."""
        self._handle = self.net.recall_link(self)
        if self._handle is not None and self._handle.engine == RELAY:
            self.net.relayed[self.lab_name] = self.guid

    def do_set(self, name: str, old: Value, new: Value) -> None:
        """Change the shape while traffic flows."""
        if self._handle is not None and name.partition("_")[0] in PROPERTIES:
            wanted = self.shapes({name: new})
            if self.state == ResourceState.STOPPED:
                wanted = _cut(wanted)
            self._handle.set_shape(*wanted)
            self._show_engine(self._handle)

    def do_stop(self) -> object:
        """Let no packet pass until it is started again; its attributes stay as they are."""
        if self._handle is not None:
            self._handle.set_shape(*_cut(self.shapes()))
        return super().do_stop()

    def do_start(self) -> object:
        """Let packets pass, again."""
        if self._handle is not None and self.state == ResourceState.STOPPED:
            self._handle.set_shape(*self.shapes())
        return super().do_start()

    def do_release(self) -> object:
        """Take it away with the interfaces at its ends."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with self.net.closing(self):
                self.net.lost(self.lab_name, handle.remove())
            self.net.relayed.pop(self.lab_name, None)
        return super().do_release()

    def _show_engine(self, handle: LinkHandle | SpanningLink) -> None:
        self.set("engine_used", handle.engine)
        if handle.engine == RELAY:
            self.net.relayed[self.lab_name] = self.guid
        self.set("engine_why", handle.why)

    def _prove(self, handle: LinkHandle | SpanningLink, forward: Shape, backward: Shape) -> None:
        fills, turns = bool(forward.rate or backward.rate), self.net.turns
        missed = ""
        for tries in range(1 + _RETRIES):
            # all links of a deployment measure at once; whoever missed tries again by itself, at
            # last: to be alone, it holds up all others
            is_alone = tries > (0 if fills else 1)
            with turns.alone() if is_alone else turns.take(fills=fills):
                missed = self._missed(handle.measure(), forward, backward)
            if not missed or self.releasing:
                break
        if not missed:
            return
        if not self.best_effort:
            raise HostError(f"{missed}; set best_effort=true to use it all the same")
        self.set("suspect", True)
        self.warning(f"{missed}; used all the same, as best_effort asks")

    def _missed(self, report: LinkReport, forward: Shape, backward: Shape) -> str:
        self._show_measures(report.forward, report.backward)
        one, two = report.forward, report.backward
        if not report.judges_delay:
            one, two = replace(one, delay=None), replace(two, delay=None)
        ways = ("forward", forward, one), ("backward", backward, two)
        return "; ".join(
            f"{way}: {miss}"
            for way, shape, measured in ways
            for miss in misses(measured, shape, self.tolerance)
        )

    def _show_measures(self, *ways: Measured) -> None:
        delays = [way.delay for way in ways if way.delay is not None]
        rates = [way.rate for way in ways if way.rate is not None]
        sent, received = sum(way.sent for way in ways), sum(way.received for way in ways)
        # rounded to what the probes can tell
        self.set("measured_delay", round(max(delays), 6) if delays else None)
        self.set("measured_rate", round(min(rates), -3) if rates else None)
        if sent:
            self.set("measured_loss", round(100.0 * max(0, sent - received) / sent, 2))
