"""Experiments as files: NEPI's scalability graph, deployed, saved and loaded again.

The memory is that of the whole process at its peak: both controllers, the text, what it says.
"""

from functools import partial

from bench.figure import Figure
from bench.side import interleave, run
from bench.sides.graph_shape import size

LARGE = 1000, 50


def measure() -> list[Figure]:
    """Seconds and bytes of a round trip in each form."""
    sides = {form: partial(run, "formats_ours", form, *LARGE) for form in ("xml", "json")}
    medians, failed = interleave(sides, 3)
    title = f"round trip of {size(*LARGE):,} resources"
    figures = [Figure(name=f"{title}, {form}", skipped=why) for form, why in failed.items()]
    for form, found in medians.items():
        note = f"{found['file'] / 1e6:.0f} MB of text"
        figures += [
            Figure(name=f"{title}, {form}", unit="s", ours=found["total"], at_most=5.0, note=note),
            Figure(name="- save", unit="s", ours=found["save"]),
            Figure(name="- load", unit="s", ours=found["load"]),
            Figure(name="- memory at its peak", unit="MB", ours=found["bytes"] / 1e6, at_most=600),
        ]
    return figures
