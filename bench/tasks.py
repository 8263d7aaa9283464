"""How many tasks per second go through the scheduler on 20 threads."""

from functools import partial

from bench.figure import Figure
from bench.side import interleave, run

TASKS, THREADS = 100_000, 20


def measure() -> list[Figure]:
    """Ours in absolute numbers, and beside a thread pool without a clock."""
    sides = {name: partial(run, f"tasks_{name}", TASKS, THREADS) for name in ("ours", "futures")}
    medians, failed = interleave(sides, rounds=5)
    title = f'schedule("0s") x {TASKS:,} on {THREADS} threads'
    if "ours" not in medians:
        return [Figure(name=title, skipped=failed["ours"])]
    ours = medians["ours"]["per_second"]
    beside = medians.get("futures", {}).get("per_second")
    return [
        Figure(name=title, unit="tasks/s", ours=ours, at_least=200_000),
        Figure(
            name="- beside a bare thread pool",
            unit="tasks/s",
            ours=ours,
            theirs=beside,
            peer="concurrent.futures",
            skipped=failed.get("futures", ""),
        ),
    ]
