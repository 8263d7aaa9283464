"""NEPI's scalability graph: describe, deploy, all applications finished, released.

Beside asynciojobs, which also runs a graph of jobs, and beside a bare topological sort with plain
loops, which is the least that Python can do.
"""

from functools import partial

from bench.figure import Figure
from bench.side import Numbers, interleave, run
from bench.sides.graph_shape import PHASES, size

LARGE = 1000, 50
SMALL = 10, 10


def measure() -> list[Figure]:
    """At 52,001 resources beside the peers, at 121 in absolute time."""
    return [*_large(rounds=3), *_small(rounds=5)]


def _large(rounds: int) -> list[Figure]:
    sides = {name: partial(run, f"graph_{name}", *LARGE) for name in ("ours", "plain")}
    medians, failed = interleave(
        {**sides, "asynciojobs": partial(run, "graph_asynciojobs", *LARGE)}, rounds
    )
    title = f"graph of {size(*LARGE):,}"
    if "ours" not in medians:
        return [Figure(name=title, skipped=failed["ours"])]
    ours = medians["ours"]
    return [
        *_beside(title, ours, medians.get("asynciojobs"), "asynciojobs", 1 / 8, failed),
        *_beside(title, ours, medians.get("plain"), "topological sort", 8, failed),
        Figure(
            name=f"{title}: memory per resource",
            unit="kB",
            ours=ours["bytes"] / 1000,
            at_most=2.5,
            note="resident set, applications finished, nothing released",
        ),
    ]


def _beside(
    title: str,
    ours: Numbers,
    theirs: Numbers | None,
    peer: str,
    at_most: float,
    failed: dict[str, str],
) -> list[Figure]:
    if theirs is None:
        reason = failed.get(peer, "not measured")
        return [Figure(name=f"{title} beside {peer}", skipped=reason)]
    total = Figure(
        name=f"{title}: all four phases",
        unit="s",
        ours=ours["total"],
        theirs=theirs["total"],
        peer=peer,
        at_most=at_most,
    )
    phases = [
        Figure(name=f"- {phase}", unit="s", ours=ours[phase], theirs=theirs[phase], peer=peer)
        for phase in PHASES
    ]
    return [total, *phases]


def _small(rounds: int) -> list[Figure]:
    medians, failed = interleave({"ours": partial(run, "graph_ours", *SMALL)}, rounds)
    title = f"graph of {size(*SMALL)}: all four phases"
    if failed:
        return [Figure(name=title, skipped=failed["ours"])]
    return [Figure(name=title, unit="ms", ours=medians["ours"]["total"] * 1e3, at_most=20)]
