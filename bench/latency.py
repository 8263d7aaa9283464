"""From a state change to what waited for it: the dependent hook, and the return of a wait.

NEPI looked every half second: 490 ms at the 95th percentile.
"""

from functools import partial

from bench.figure import Figure
from bench.side import interleave, run

TITLES = {"hook": "state change to the dependent hook", "wait": "state change to a wait's return"}


def measure() -> list[Figure]:
    """Median and 95th percentile of both, in milliseconds."""
    medians, failed = interleave({"ours": partial(run, "latency_ours")}, rounds=3)
    if failed:
        return [Figure(name="latency", skipped=failed["ours"])]
    ours = medians["ours"]
    return [
        Figure(name=f"{title}, {name}", unit="ms", ours=ours[f"{what}_{name}"] * 1e3, at_most=limit)
        for what, title in TITLES.items()
        for name, limit in (("p50", None), ("p95", 1.0))
    ]
