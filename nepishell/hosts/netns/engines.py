"""Which engine carries a link: the simplest that can do all that is asked, and why.

Kernels differ: many have no netem at all. What a kernel can do is found out once, in a scratch
namespace; the choice is a pure function of that and of the two shapes. Nothing that was asked is
ever left out silently: an engine that cannot do it is refused.
"""

import socket
from contextlib import closing, suppress
from dataclasses import dataclass

from nepishell.core.errors import HostError
from nepishell.hosts.netns import netlink, qdisc
from nepishell.hosts.netns.model import Shape

AUTO, VETH, TBF, NETEM, RELAY = "auto", "veth", "tbf", "netem", "relay"
ENGINES = (AUTO, VETH, TBF, NETEM, RELAY)
EFFECTS = ("rate", "delay", "jitter", "loss", "duplicate", "reorder", "corrupt", "queue")
LOOPBACK = 1  # the index of lo in every namespace


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the kernel of a lab can do to packets."""

    netem: bool
    tbf: bool
    packet: bool = True  # packet sockets with virtio headers, as the relay needs them


def probe_kernel() -> Capabilities:
    """Try each on lo of the calling thread's network namespace: one that nobody uses."""
    shape = Shape(rate=1e6)
    with closing(netlink.Socket()) as kernel:
        return Capabilities(
            netem=_accepts(kernel, qdisc.netem(LOOPBACK, shape)),
            tbf=_accepts(kernel, qdisc.tbf(LOOPBACK, shape)),
            packet=_allows_packet_sockets(),
        )


def _accepts(kernel: netlink.Socket, messages: list[netlink.Message]) -> bool:
    try:
        kernel.send([*messages, qdisc.delete(LOOPBACK)])
    except netlink.NetlinkError:
        with suppress(netlink.NetlinkError):
            kernel.send([qdisc.delete(LOOPBACK)])
        return False
    return True


def _allows_packet_sockets() -> bool:
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except OSError:
        return False
    return True


def wanted(forward: Shape, backward: Shape) -> list[str]:
    """The properties that one of the directions asks for, in the order of EFFECTS."""
    names = [name for name in EFFECTS if getattr(forward, name) or getattr(backward, name)]
    if forward.up != backward.up:
        names.append("up in one direction")
    return names


def segments_apart(shape: Shape) -> bool:
    """Whether the sender must hand over each segment by itself: something is done per packet."""
    return shape != Shape(delay=shape.delay, jitter=shape.jitter, up=shape.up)


def choose(
    forward: Shape, backward: Shape, capabilities: Capabilities, wish: str = AUTO
) -> tuple[str, str]:
    """The engine for a link of these shapes and why this one; *wish* may force it.

    Raises HostError when the wish cannot be granted, or a shape makes no sense.
    """
    check(forward)
    check(backward)
    if wish not in ENGINES:
        raise HostError(f"no engine '{wish}'; known: {', '.join(ENGINES)}")
    obstacles = {name: obstacle(name, forward, backward, capabilities) for name in ENGINES[1:]}
    if wish != AUTO:
        if obstacles[wish]:
            raise HostError(f"engine {wish} cannot carry this link: {obstacles[wish]}")
        return wish, "asked for"
    for engine, why in obstacles.items():
        if not why:
            return engine, _reason(engine, forward, backward, obstacles[NETEM])
    raise HostError(f"no engine can carry this link: {obstacles[NETEM]}; {obstacles[RELAY]}")


def _reason(engine: str, forward: Shape, backward: Shape, no_netem: str) -> str:
    if engine == VETH:
        return "nothing to emulate"
    asked = " ".join(wanted(forward, backward))
    if engine == RELAY:
        return f"{asked}: {no_netem}"
    return f"{asked}: the kernel's {engine} does it"


def obstacle(engine: str, forward: Shape, backward: Shape, capabilities: Capabilities) -> str:
    """Why *engine* cannot do all that is asked; "" when it can."""
    asked = wanted(forward, backward)
    if engine == VETH and asked:
        return f"it cannot do {' '.join(asked)}"
    if engine == TBF:
        if not capabilities.tbf:
            return "the kernel has no tbf"
        rest = [name for name in asked if name not in ("rate", "queue")]
        return f"it cannot do {' '.join(rest)}" if rest else ""
    if engine == NETEM:
        if not capabilities.netem:
            return "the kernel has no netem"
        if any(shape.queue and shape.delay for shape in (forward, backward)):
            return "netem counts packets in flight as waiting: queue with delay is not exact"
    if engine == RELAY and not capabilities.packet:
        return "packet sockets are refused here"
    return ""


def check(shape: Shape) -> None:
    """Raise HostError for a shape that no link can have."""
    for name in EFFECTS:
        if getattr(shape, name) < 0:
            raise HostError(f"{name} {getattr(shape, name):g} is negative")
    for name in ("loss", "duplicate", "reorder", "corrupt"):
        if getattr(shape, name) > 100:
            raise HostError(f"{name} {getattr(shape, name):g} is more than 100 percent")
    if shape.jitter > shape.delay:
        raise HostError(
            f"jitter {shape.jitter * 1e3:g}ms is more than the delay {shape.delay * 1e3:g}ms"
        )
    if shape.reorder and not shape.delay:
        raise HostError("reorder needs a delay: packets overtake by skipping it")
    if shape.queue and not shape.rate:
        raise HostError("queue needs a rate: without one nothing waits")
