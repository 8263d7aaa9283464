"""What can be asked of a lab, as values: ports, shapes of links, routes, measurements."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """One interface of one host: where it is, its name, its addresses.

    *addresses* are CIDR texts ("10.0.1.1/24", "fd00:1::1/64"). *mac* "" lets the lab derive one
    from the run, the host and the name, so that the same lab has the same addresses every time.
    """

    host: str
    ifname: str
    mac: str = ""
    addresses: tuple[str, ...] = ()
    mtu: int = 1500
    up: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What one direction of a link does to packets. The default does nothing.

    *rate* bit/s (0: unlimited), *delay* and *jitter* seconds (each packet is delayed by
    delay +- jitter, uniformly, never reordered by it), *loss duplicate reorder corrupt* percent,
    *queue* packets that may wait for the rate (0: the engine's default), *up* False drops all.
    """

    rate: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    corrupt: float = 0.0
    queue: int = 0
    up: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether packets pass unchanged and at once."""
        return self == Shape(up=self.up)

    @property
    def is_rate_only(self) -> bool:
        """Whether a token bucket alone can do all of it."""
        return self.rate > 0 and self == Shape(rate=self.rate, queue=self.queue, up=self.up)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Packets for *network* (CIDR, or "default") go to the neighbour *via*."""

    network: str
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What probes saw of one direction of a link: medians; None where nothing was measured."""

    delay: float | None = None  # seconds, one way
    deviation: float | None = None  # seconds, mean absolute deviation of the delay
    rate: float | None = None  # bit/s
    sent: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """What a link really is: the engine that carries it and what it measured, both directions."""

    engine: str  # "veth", "tbf", "netem" or "relay"
    why: str  # why this engine: "no delay asked", "kernel has no netem", ...
    forward: Measured = field(default_factory=Measured)
    backward: Measured = field(default_factory=Measured)
    #: False where the way between two machines takes time that nobody declared
    judges_delay: bool = True
