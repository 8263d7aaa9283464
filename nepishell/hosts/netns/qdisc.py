"""Queueing disciplines as netlink messages: pure bytes, to be sent together with others.

They shape what leaves an interface; an interface has one at its root. A message replaces what is
there while packets wait in it. Time is counted in nanoseconds, or in scheduler ticks of 64 ns.
"""

import struct

from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.netlink import (
    CREATE,
    ECHO,
    REPLACE,
    Message,
    attr,
    attr_text,
    attributes,
)

RTM_NEWQDISC, RTM_DELQDISC, RTM_GETQDISC = 36, 37, 38
TC_H_ROOT = 0xFFFFFFFF
#: One handle per kind: a discipline of another kind cannot take over a handle in use.
TBF_HANDLE, NETEM_HANDLE = 0x10000, 0x20000
TCA_KIND, TCA_OPTIONS, TCA_STATS2, TCA_STATS_QUEUE = 1, 2, 7, 3
#: Bytes of a struct tcmsg.
_TCMSG = 20
TCA_TBF_PARMS, TCA_TBF_RTAB, TCA_TBF_RATE64, TCA_TBF_BURST = 1, 2, 4, 6
NETEM_CORR, NETEM_REORDER, NETEM_CORRUPT, NETEM_RATE = 1, 3, 4, 6
NETEM_RATE64, NETEM_LATENCY64, NETEM_JITTER64, NETEM_PRNG_SEED = 8, 10, 11, 14
TC_LINKLAYER_ETHERNET = 1
TICK_NS = 64
FULL_FRAME = 1514
SMALL_FRAME = 60
#: Faster than any link: with a rate netem keeps packets in order, which jitter alone would not.
ENDLESS_RATE = 1 << 40
#: Packets that a delay without a rate must hold, per second of delay.
PACKETS_PER_S = 2_000_000


def default_queue(rate: float) -> int:
    """Packets that wait for *rate* (bit/s) when nothing was said: a tenth of a second of full
    frames, but at least 32 and at most 1000."""
    return min(1000, max(32, round(rate / 10 / (8 * FULL_FRAME)))) if rate else 1000


def replace(ifindex: int, engine: str, shape: Shape, seed: int = 0) -> list[Message]:
    """The requests that make *engine* ("tbf" or "netem") shape what leaves an interface."""
    return tbf(ifindex, shape) if engine == "tbf" else netem(ifindex, shape, seed)


def tbf_burst(rate: float) -> int:
    """Bytes that pass at once before *rate* (bit/s) shows: a full frame and a tick of the timer."""
    return max(2 * FULL_FRAME, round(rate / 8 * 0.001))


def tbf(ifindex: int, shape: Shape) -> list[Message]:
    """A token bucket of the shape's rate, and its queue as a fifo that counts packets.

    Without a rate the fifo alone, which never fills: the other direction has the bucket.
    """
    if not shape.rate:
        return [_fifo(ifindex, TC_H_ROOT, default_queue(0))]
    rate = max(1, round(shape.rate / 8))
    burst = tbf_burst(shape.rate)
    queue = shape.queue or default_queue(shape.rate)
    spec = _ratespec(rate)
    ticks = round(burst / rate * 1e9 / TICK_NS)
    parameters = struct.pack("=12s12sIII", spec, bytes(12), queue * FULL_FRAME, ticks, 0)
    options = [
        attr(TCA_TBF_PARMS, parameters),
        attr(TCA_TBF_BURST, struct.pack("=I", burst)),
        attr(TCA_TBF_RTAB, bytes(1024)),
    ]
    if rate >= 1 << 32:
        options.append(attr(TCA_TBF_RATE64, struct.pack("=Q", rate)))
    bucket = _new(ifindex, TC_H_ROOT, TBF_HANDLE, "tbf", b"".join(options))
    # the packet that waits for its tokens stays in the fifo, beside those that wait for it
    return [bucket, _fifo(ifindex, TBF_HANDLE | 1, queue + 1)]


def _fifo(ifindex: int, parent: int, packets: int) -> Message:
    return _new(ifindex, parent, 0, "pfifo", struct.pack("=I", packets))


def netem(ifindex: int, shape: Shape, seed: int = 0) -> list[Message]:
    """A netem of the whole shape; a shape that is not up loses everything.

    Give the seed of a direction: newer kernels repeat the same random choices for it.
    """
    loss = 100.0 if not shape.up else shape.loss
    header = struct.pack(
        "=IIIIII",
        min(0xFFFFFFFF, round(shape.delay * 1e9 / TICK_NS)),
        netem_limit(shape),
        _share(loss),
        1 if shape.reorder else 0,
        _share(shape.duplicate),
        min(0xFFFFFFFF, round(shape.jitter * 1e9 / TICK_NS)),
    )
    options = [
        header,
        attr(NETEM_CORR, bytes(12)),
        attr(NETEM_REORDER, struct.pack("=II", _share(shape.reorder), 0)),
        attr(NETEM_CORRUPT, struct.pack("=II", _share(shape.corrupt), 0)),
        *_netem_rate(shape),
        attr(NETEM_LATENCY64, struct.pack("=q", round(shape.delay * 1e9))),
        attr(NETEM_JITTER64, struct.pack("=q", round(shape.jitter * 1e9))),
    ]
    if seed:
        options.append(attr(NETEM_PRNG_SEED, struct.pack("=Q", seed & (1 << 64) - 1)))
    return [_new(ifindex, TC_H_ROOT, NETEM_HANDLE, "netem", b"".join(options))]


def _netem_rate(shape: Shape) -> list[bytes]:
    # sent even when 0: what a change does not name, netem keeps
    rate = round(shape.rate / 8) or (ENDLESS_RATE if shape.jitter else 0)
    low = min(rate, 0xFFFFFFFF)
    options = [attr(NETEM_RATE, struct.pack("=IiIi", low, 0, 0, 0))]
    if rate > low:
        options.insert(0, attr(NETEM_RATE64, struct.pack("=Q", rate)))
    return options


def netem_limit(shape: Shape) -> int:
    """Packets that netem may hold: those that wait and, because it counts them too, in flight."""
    seconds = shape.delay + shape.jitter
    if not shape.rate:
        return 1000 + round(PACKETS_PER_S * seconds)
    waiting = shape.queue or default_queue(shape.rate)
    return waiting + round(shape.rate * seconds / 8 / SMALL_FRAME)


def delete(ifindex: int) -> Message:
    """Take away the root discipline of an interface."""
    return Message(RTM_DELQDISC, 0, _tcmsg(ifindex, 0, TC_H_ROOT), f"interface {ifindex}: unshape")


def look(ifindex: int) -> Message:
    """Ask for the root discipline of an interface and its counters."""
    what = f"interface {ifindex}: look at its queue"
    # without ECHO kernels tell everybody who listens, but not who asked
    return Message(RTM_GETQDISC, ECHO, _tcmsg(ifindex, 0, TC_H_ROOT), what)


def queued(answer: bytes) -> int:
    """The packets in a discipline, from what look() was answered."""
    statistics = attributes(attributes(answer[_TCMSG:]).get(TCA_STATS2, b""))
    (packets,) = struct.unpack_from("=I", statistics.get(TCA_STATS_QUEUE, bytes(4)))
    return int(packets)


def _new(ifindex: int, parent: int, handle: int, kind: str, options: bytes) -> Message:
    body = _tcmsg(ifindex, handle, parent) + attr_text(TCA_KIND, kind) + attr(TCA_OPTIONS, options)
    return Message(RTM_NEWQDISC, CREATE | REPLACE, body, f"interface {ifindex}: {kind}")


def _tcmsg(ifindex: int, handle: int, parent: int) -> bytes:
    return struct.pack("=BxxxiIII", 0, ifindex, handle, parent, 0)


def _ratespec(rate: int) -> bytes:
    # cell_log 0 would be refused with a rate table; 3 is what fits 1514 bytes into 256 cells
    return struct.pack("=BBHhHI", 3, TC_LINKLAYER_ETHERNET, 0, -1, 0, min(rate, 0xFFFFFFFF))


def _share(percent: float) -> int:
    return min(0xFFFFFFFF, round(percent / 100 * 0xFFFFFFFF))
