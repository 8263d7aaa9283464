"""From a key to its letter on the screen, with 10,000 resources and much going on.

The time is that of the read which completed the line on the screen, as a terminal would show it.
Beside it the echo of a bare prompt of prompt_toolkit with nothing going on.
"""

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import pyte

from bench.figure import Figure
from bench.side import TOP, Numbers, SideFailed, percentile
from bench.terminal import COLS, ROWS, Terminal

OURS, BARE = "bench.sides.echo_ours", "bench.sides.prompt_bare"
LINES = (
    "show web1234",
    "stop lab7.node57",
    "list web40,web41",
    "start web[1-20] nowait",
    "why web9",
)
KEYS = 240
#: Seconds between two keys of somebody who types fast, at least and at most.
PAUSE_S = (0.03, 0.08)
#: Seconds before the first key: what a deployment or a flood does by then is what it does always.
SETTLE_S = 2.0
CLEAR = b"\x15"


def measure() -> list[Figure]:
    """The 95th percentiles, and the memory that a flood takes."""
    try:
        with tempfile.TemporaryDirectory() as home:
            bare = _keys(BARE, "bare> ", Path(home))
            idle = _keys(OURS, "nepishell> ", Path(home))
            busy = _keys(OURS, "nepishell> ", Path(home), "deploy all")
            flood = _keys(OURS, "nepishell> ", Path(home), "deploy flood")
    except SideFailed as problem:
        return [Figure(name="key to echo", skipped=str(problem))]
    return [
        _figure("p95 from a key to its echo, 10,000 resources at rest", idle, bare),
        _figure("- while a deployment makes 1,000 events/s", busy, bare, at_most=25),
        _figure("- under a flood of 10,000 lines/s", flood, bare, at_most=30),
        Figure(name="- memory that the flood takes", unit="MB", ours=flood["grown"], at_most=5,
               note=f"of {flood['resident']:.0f} MB, in the {flood['seconds']:.0f} s measured"),
    ]  # fmt: skip


def _figure(name: str, ours: Numbers, bare: Numbers, at_most: float | None = None) -> Figure:
    note = (
        f"p50 {ours['p50']:.1f}, worst {ours['max']:.1f} ms; bare prompt_toolkit at rest: "
        f"p50 {bare['p50']:.1f}, p95 {bare['p95']:.1f} ms"
    )
    return Figure(name=name, unit="ms", ours=ours["p95"], at_most=at_most, note=note)


class _Watched:
    """A program's terminal and what its screen shows."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._screen = pyte.Screen(COLS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def until(self, line: str, within_s: float = 30.0) -> float:
        """The moment when the line with the cursor begins as *line*."""
        deadline = perf_counter() + within_s
        while True:
            seen = self.take(deadline)
            row = self._screen.buffer[self._screen.cursor.y]
            if "".join(row[at].data for at in range(len(line))) == line:
                return seen

    def take(self, deadline: float) -> float:
        """What comes next onto the screen; when it came."""
        data = self._terminal.read(deadline)
        seen = perf_counter()
        self._stream.feed(data)
        return seen

    def rest(self, seconds: float) -> None:
        """Show what comes for that long."""
        deadline = perf_counter() + seconds
        while self._terminal.waits_for_us(deadline):
            self.take(deadline + 1)


def _keys(module: str, prompt: str, home: Path, first: str = "") -> Numbers:
    with _program(module, home) as terminal:
        watched = _Watched(terminal)
        watched.until(prompt)
        if first:
            terminal.send(f"{first}\r".encode())
        watched.rest(SETTLE_S)
        began, before = perf_counter(), terminal.resident()
        found = list(_typed(terminal, watched, prompt))
        after = terminal.resident()
    return {
        "p50": percentile(found, 0.5), "p95": percentile(found, 0.95), "max": max(found),
        "grown": (after - before) / 1e6, "resident": after / 1e6, "seconds": perf_counter() - began,
    }  # fmt: skip


def _typed(terminal: Terminal, watched: _Watched, prompt: str) -> Iterator[float]:
    """Milliseconds of each key."""
    pauses = random.Random(1)
    count = 0
    while count < KEYS:
        for line in LINES:
            for end in range(1, len(line) + 1):
                watched.rest(pauses.uniform(*PAUSE_S))
                began = perf_counter()
                terminal.send(line[end - 1].encode())
                yield (watched.until(prompt + line[:end]) - began) * 1e3
                count += 1
            terminal.send(CLEAR)
            watched.until(f"{prompt} ")


@contextmanager
def _program(module: str, home: Path) -> Iterator[Terminal]:
    kept = {key: text for key, text in os.environ.items() if not key.startswith(("XDG_", "PYTHON"))}
    env = {**kept, "HOME": str(home), "PYTHONPATH": str(TOP)}
    with Terminal([sys.executable, "-m", module], env) as terminal:
        yield terminal
