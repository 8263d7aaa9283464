"""Hosts of a pool for a whole experiment, in NEPI's fuzz sizes, beside networkx's matching."""

from functools import partial

from bench.figure import Figure
from bench.side import interleave, run

REQUESTS, HOSTS = 500, 8_000
SHAPES = {
    "alike": "all alike",
    "kinds": "of 12 kinds",
    "random": "each with random hosts of its own",
    "tight": "as many as hosts fit",
}


def measure() -> list[Figure]:
    """Seconds for the best-ranked placement of all requests."""
    sides = {
        (shape, side): partial(run, f"allocation_{side}", shape, REQUESTS, HOSTS)
        for shape in SHAPES
        for side in ("ours", "networkx")
    }
    named = {f"{shape} {side}": call for (shape, side), call in sides.items()}
    medians, failed = interleave(named, rounds=3)
    return [
        figure
        for shape, what in SHAPES.items()
        for figure in _figures(shape, what, medians, failed)
    ]


def _figures(
    shape: str, what: str, medians: dict[str, dict[str, float]], failed: dict[str, str]
) -> list[Figure]:
    title = f"{REQUESTS} requests over {HOSTS:,} hosts, {what}"
    ours = medians.get(f"{shape} ours", {}).get("seconds")
    if ours is None:
        return [Figure(name=title, skipped=failed[f"{shape} ours"])]
    return [
        Figure(name=title, unit="s", ours=ours, at_most=2.0, note="best-ranked"),
        Figure(
            name="- beside a matching without ranks",
            unit="s",
            ours=ours,
            theirs=medians.get(f"{shape} networkx", {}).get("seconds"),
            peer="networkx",
            skipped=failed.get(f"{shape} networkx", ""),
        ),
    ]
