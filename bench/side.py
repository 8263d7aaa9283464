"""Run what is timed in a fresh interpreter, in turns, and take medians.

A side is a module of `bench.sides` that prints one JSON object of numbers. Sides are
interleaved (A B A B), so that a machine that slows down slows all of them.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

Numbers = dict[str, float]

TOP = Path(__file__).resolve().parent.parent


class SideFailed(Exception):
    """A side could not be measured: the last line of what it said."""


def run(module: str, *arguments: object, timeout_s: float = 600.0) -> Numbers:
    """The numbers that `python -m bench.sides.<module>` prints; raises SideFailed."""
    return run_argv(
        [sys.executable, "-m", f"bench.sides.{module}", *map(str, arguments)], timeout_s
    )


def run_argv(argv: list[str], timeout_s: float = 600.0) -> Numbers:
    """The numbers in the last line that *argv* prints; raises SideFailed."""
    try:
        done = subprocess.run(
            argv, cwd=TOP, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=timeout_s, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise SideFailed(f"gave up after {timeout_s:g} s") from None
    except OSError as problem:
        raise SideFailed(str(problem)) from problem
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise SideFailed(said[-1] if said else f"exit status {done.returncode}")
    numbers: Numbers = json.loads(lines[-1])
    return numbers


def interleave(
    sides: Mapping[str, Callable[[], Numbers]], rounds: int
) -> tuple[dict[str, Numbers], dict[str, str]]:
    """(medians by side, reasons of the sides that failed); a failed side is not tried again."""
    samples: dict[str, list[Numbers]] = {name: [] for name in sides}
    failed: dict[str, str] = {}
    for _ in range(rounds):
        for name, measure in sides.items():
            if name in failed:
                continue
            try:
                samples[name].append(measure())
            except SideFailed as problem:
                failed[name] = str(problem)
    done = {name: medians(found) for name, found in samples.items() if found}
    return done, failed


def medians(samples: list[Numbers]) -> Numbers:
    """The median of each number over all samples."""
    return {key: median(sample[key] for sample in samples) for key in samples[0]}


def percentile(values: list[float], share: float) -> float:
    """The value below which *share* (0 to 1) of *values* lie, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
