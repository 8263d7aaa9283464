"""Going on with a run of 10,000 resources whose controller was killed, from its journal alone."""

from functools import partial

from bench.figure import Figure
from bench.side import interleave, run

RESOURCES = 10_000


def measure() -> list[Figure]:
    """Seconds from the journal to a controller that goes on, and its parts."""
    medians, failed = interleave({"ours": partial(run, "resume_ours", RESOURCES)}, rounds=3)
    title = f"resume of a run with {RESOURCES:,} resources"
    if failed:
        return [Figure(name=title, skipped=failed["ours"])]
    ours = medians["ours"]
    note = f"journal of {ours['bytes'] / 1e6:.1f} MB"
    return [
        Figure(name=title, unit="s", ours=ours["total"], at_most=2.0, note=note),
        Figure(name="- read the journal", unit="s", ours=ours["prepare"]),
        Figure(name="- describe it, and go on", unit="s", ours=ours["go on"]),
    ]
