"""One key at the prompt with 100,000 resources: the walk and the menu, also while states change.

Beside it prompt_toolkit's completers on the same words, which know one word and no grammar.
"""

from functools import partial

from bench.figure import Figure
from bench.side import Numbers, interleave, run

RESOURCES = 100_000
TOOLBAR = 50_000
PEERS = {"word": "WordCompleter", "fuzzy": "FuzzyCompleter"}


def measure() -> list[Figure]:
    """Medians over all keys of some lines, and the toolbar's text."""
    sides = {name: partial(run, f"keystroke_{name}", RESOURCES) for name in ("ours", "words")}
    medians, failed = interleave(
        {**sides, "toolbar": partial(run, "keystroke_toolbar", TOOLBAR)}, rounds=3
    )
    return [*_keys(medians, failed), *_toolbar(medians, failed)]


def _keys(medians: dict[str, Numbers], failed: dict[str, str]) -> list[Figure]:
    title = f"a key's walk and menu, {RESOURCES:,} resources"
    if "ours" not in medians:
        return [Figure(name=title, skipped=failed["ours"])]
    ours = medians["ours"]
    figures = [
        Figure(name=title, unit="ms", ours=ours["idle_p50"], at_most=0.3,
               note=f"p95 {ours['idle_p95']:.2f} ms, worst {ours['idle_max']:.2f} ms"),
        Figure(name="- while 1,000 states change a second", unit="ms", ours=ours["busy_p50"],
               at_most=0.3, note=f"p95 {ours['busy_p95']:.2f} ms, worst {ours['busy_max']:.2f} ms"),
        Figure(name="- where only a part of a name is typed", unit="ms", ours=ours["part_p50"],
               at_most=0.3, note=f"worst {ours['part_max']:.2f} ms"),
        Figure(name="- where only some letters of it are", unit="ms", ours=ours["letters_p50"],
               at_most=0.3, note=f"worst {ours['letters_max']:.2f} ms"),
        Figure(name="- the first key after all were added", unit="ms", ours=ours["first"]),
        Figure(name="- the first key after one more was added", unit="ms", ours=ours["after_add"]),
    ]  # fmt: skip
    theirs = medians.get("words")
    if theirs is None:
        return [*figures, Figure(name="- beside completers of words", skipped=failed["words"])]
    return figures + [
        Figure(name=f"- a key in a name, beside {peer}", unit="ms", ours=ours["name_p50"],
               theirs=theirs[f"{name}_p50"], peer=peer)
        for name, peer in PEERS.items()
    ]  # fmt: skip


def _toolbar(medians: dict[str, Numbers], failed: dict[str, str]) -> list[Figure]:
    title = f"toolbar's text, {TOOLBAR:,} resources"
    if "toolbar" not in medians:
        return [Figure(name=title, skipped=failed["toolbar"])]
    found = medians["toolbar"]
    return [
        Figure(name=title, unit="ms", ours=found["p50"], at_most=0.5,
               note=f"a state changed before each; p95 {found['p95']:.3f} ms"),
    ]  # fmt: skip
