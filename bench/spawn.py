"""A process started in a host of a lab, beside a plain Popen."""

from functools import partial

from bench.figure import Figure
from bench.side import interleave, run

PROCESSES = 300
TITLES = {"started": "process in a host: started", "ended": "process in a host: its end known"}


def measure() -> list[Figure]:
    """Milliseconds per /bin/true, from the call."""
    medians, failed = interleave({"both": partial(run, "spawn_ours", PROCESSES)}, rounds=3)
    if failed:
        return [Figure(name=TITLES["started"], skipped=failed["both"])]
    both = medians["both"]
    return [
        Figure(
            name=title,
            unit="ms",
            ours=both[f"ours_{moment}"] * 1e3,
            theirs=both[f"popen_{moment}"] * 1e3,
            peer="Popen",
            at_most=1.2,
        )
        for moment, title in TITLES.items()
    ]
