"""The resources and the keys that all sides of the keystroke bench see."""

import time
from collections.abc import Callable
from statistics import median

from bench.side import percentile

#: As if typed key by key; labels are those of names().
LINES = (
    "set web321 delay 20ms",
    "stop lab7.node21",
    "start web[1-20] nowait",
    "connect web1 lab3.node40 web9",
    "wait all STARTED timeout 30s",
    "add bench::Dummy fresh delay=5ms",
    "list web4,lab2.node3 | where state = FAILED | cols guid,label | head 5",
    "deploy @NEW,-web3",
)
PARTS = ("show eb321", "show node77", "show b99", "show zq")
LETTERS = ("show wb321", "show lnd5", "show l7n", "show zq9")
#: What is typed of one name, for completers that know only words.
NAMES = ("web321", "lab7.node21", "lab3.node4", "web9")


def names(count: int) -> list[str]:
    """That many labels: half numbered, half in a hierarchy."""
    half = count // 2
    flat = [f"web{number}" for number in range(1, half + 1)]
    return flat + [f"lab{number % 50}.node{number}" for number in range(1, count - half + 1)]


def keys(lines: tuple[str, ...]) -> list[str]:
    """Each line after each key."""
    return [line[:end] for line in lines for end in range(1, len(line) + 1)]


def timed(act: Callable[[str], object], texts: list[str], rounds: int = 3) -> list[float]:
    """Milliseconds that *act* takes on each text, of all rounds."""
    found = []
    for _ in range(rounds):
        for text in texts:
            began = time.perf_counter()
            act(text)
            found.append((time.perf_counter() - began) * 1e3)
    return found


def summary(name: str, values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and worst."""
    return {
        f"{name}_p50": median(values),
        f"{name}_p95": percentile(values, 0.95),
        f"{name}_max": max(values),
    }
