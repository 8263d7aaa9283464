"""How many lines of a recipe are read and checked in a second.

Beside Python's own reader, in C, of as many calls that say the same, and beside shlex, which only
parts the words.
"""

from functools import partial

from bench.figure import Figure
from bench.side import interleave, run

LINES = 30_000
PEERS = {"ast": "ast.parse", "shlex": "shlex.split"}


def measure() -> list[Figure]:
    """Lines per second of processor time that nobody else has, and the ratios within one run."""
    sides = {name: partial(run, "recipes_ours", name, LINES) for name in ("ours", *PEERS)}
    medians, failed = interleave(sides, rounds=5)
    title = f"a recipe of {LINES:,} lines read and checked"
    if "ours" not in medians:
        return [Figure(name=title, skipped=failed["ours"])]
    ours = medians["ours"]
    return [
        Figure(name=title, unit="lines/s", ours=ours["lines"], at_least=30_000),
        Figure(name="- parted into statements alone", unit="lines/s", ours=ours["parted"]),
        *(
            Figure(
                name=f"- beside {peer}",
                unit="lines/s",
                ours=ours["lines"],
                theirs=medians.get(name, {}).get("lines"),
                peer=peer,
                skipped=failed.get(name, ""),
            )
            for name, peer in PEERS.items()
        ),
    ]
