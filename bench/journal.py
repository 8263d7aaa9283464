"""What a journal costs: the scalability graph with and without one, and memory over many events."""

from functools import partial

from bench.figure import Figure
from bench.side import Numbers, SideFailed, interleave, run
from bench.sides.graph_shape import PHASES, size

SHAPE = 1000, 50
EVENTS = 1_000_000
#: What the allocator may take and give back again.
_FLAT_BYTES = 2 << 20


def measure() -> list[Figure]:
    """On against off, phase by phase, and the growth of memory over a million events."""
    return [*_beside(rounds=5), *_events()]


def _beside(rounds: int) -> list[Figure]:
    sides = {how: partial(run, "journal_graph", *SHAPE, how) for how in ("on", "off")}
    medians, failed = interleave(sides, rounds)
    title = f"graph of {size(*SHAPE):,} with a journal"
    if failed:
        return [Figure(name=title, skipped="; ".join(failed.values()))]
    on, off = medians["on"], medians["off"]
    return [
        Figure(
            name=title,
            unit="s",
            ours=on["total"],
            theirs=off["total"],
            peer="without",
            at_most=1.15,
            note=f"{on['bytes'] / 1e6:.1f} MB on disk",
        ),
        *(_phase(name, on, off) for name in PHASES),
        # says more than seconds while others use the machine
        Figure(name="- processor", unit="s", ours=on["cpu"], theirs=off["cpu"], peer="without"),
    ]


def _phase(name: str, on: Numbers, off: Numbers) -> Figure:
    return Figure(name=f"- {name}", unit="s", ours=on[name], theirs=off[name], peer="without")


def _events() -> list[Figure]:
    title = f"memory more over {EVENTS:,} journaled events"
    try:
        found = run("journal_events", EVENTS)
    except SideFailed as problem:
        return [Figure(name=title, skipped=str(problem))]
    return [
        Figure(name=title, unit="bytes", ours=max(0.0, found["grown"]), at_most=_FLAT_BYTES),
        Figure(name="- events on disk per second", unit="events/s", ours=EVENTS / found["seconds"]),
    ]
