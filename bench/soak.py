"""Ten minutes of one controller, in rounds: 10,000 resources are added, deployed, stopped, released
and removed. Threads, descriptors and memory must be flat once the first rounds are over.
"""

from bench.figure import Figure
from bench.side import SideFailed, run

RESOURCES = 10_000
SECONDS = 600
#: Numbers of resources grow, and with them the sets of free ones, by less than this.
_FLAT_BYTES = 65_536


def measure(seconds: int = SECONDS) -> list[Figure]:
    """How many rounds went, and what each of them left behind; *seconds*: how long to go on."""
    title = f"{RESOURCES:,} resources for {seconds:,} s"
    try:
        found = run("soak_ours", RESOURCES, seconds, timeout_s=seconds * 2 + 300)
    except SideFailed as problem:
        return [Figure(name=title, skipped=str(problem))]
    note = f"{found['resident'] / 1e6:.0f} MB, by {found['grown'] / 1e6:.2f} MB more than at first"
    return [
        Figure(name=title, unit="rounds", ours=found["rounds"]),
        Figure(name="- threads after the last", ours=found["threads"], at_most=found["most"]),
        Figure(name="- descriptors more", ours=found["descriptors"], at_most=0),
        Figure(
            name="- memory more per round",
            unit="bytes",
            ours=max(0.0, found["bytes_per_round"]),
            at_most=_FLAT_BYTES,
            note=note,
        ),
        Figure(name="- threads left at the end", ours=found["left"], at_most=0),
    ]
