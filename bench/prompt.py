"""From exec to the first prompt on a pseudo-terminal, beside other programs on prompt_toolkit.

Each answers a key as well, so that nobody wins by painting a prompt that is not there yet.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from bench.figure import Figure
from bench.side import TOP, Numbers, SideFailed, interleave
from bench.terminal import Terminal

ROUNDS = 11
#: name -> (what to start, its prompt)
PROGRAMS: dict[str, tuple[Sequence[str], bytes]] = {
    "nepishell": (["-m", "nepishell"], b"nepishell>"),
    "prompt_toolkit": (["-m", "bench.sides.prompt_bare"], b"bare>"),
    "IPython": (["-m", "IPython"], b"In [1]:"),
    "litecli": (["-m", "litecli.main", ":memory:"], b":memory:>"),
}
AT_MOST = {"prompt_toolkit": 1.6, "IPython": 1.0, "litecli": 1.0}


def measure() -> list[Figure]:
    """Medians of milliseconds; the first start of each, in a new home, does not count."""
    with tempfile.TemporaryDirectory() as home:
        sides = {name: partial(_start, name, Path(home)) for name in PROGRAMS}
        interleave(sides, rounds=1)
        found, failed = interleave(sides, ROUNDS)
    title = "first prompt on a terminal"
    if "nepishell" not in found:
        return [Figure(name=title, skipped=failed["nepishell"])]
    figures = []
    for peer, at_most in AT_MOST.items():
        if peer not in found:
            figures.append(Figure(name=f"{title}, beside {peer}", skipped=failed[peer]))
            continue
        keyed = f"a key echoed at {found['nepishell']['keyed']:.0f}, {found[peer]['keyed']:.0f} ms"
        figures.append(
            Figure(name=f"{title}, beside {peer}", unit="ms", ours=found["nepishell"]["prompt"],
                   theirs=found[peer]["prompt"], peer=peer, at_most=at_most, note=keyed)
        )  # fmt: skip
    return figures


def _start(name: str, home: Path) -> Numbers:
    arguments, prompt = PROGRAMS[name]
    module = arguments[1].partition(".")[0]
    if find_spec(module) is None:
        raise SideFailed(f"{module} is not installed")
    # what is installed has its bytecode beside it: so has the checkout after its first start
    kept = {key: text for key, text in os.environ.items() if not key.startswith(("XDG_", "PYTHON"))}
    env = {**kept, "HOME": str(home), "PYTHONPATH": str(TOP)}
    with Terminal([sys.executable, *arguments], env) as terminal:
        shown = terminal.until(lambda said: prompt in said)
        keyed = shown + terminal.echo(b"x")
        return {"prompt": (shown - terminal.began) * 1e3, "keyed": (keyed - terminal.began) * 1e3}
