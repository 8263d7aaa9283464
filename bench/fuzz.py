"""Ten thousand random and mutated inputs of each kind, by the tests that do some hundreds."""

import os
import subprocess
import sys
import time
from pathlib import Path

from bench.figure import Figure

TOP = Path(__file__).resolve().parent.parent
COUNT = 10_000


def measure(count: int = COUNT) -> list[Figure]:
    """Seconds for *count* inputs of each kind, and whether all of them were answered in order."""
    began = time.perf_counter()
    argv = [sys.executable, "-m", "pytest", "tests/fuzz", "-q", "--timeout=0"]
    env = {**os.environ, "NEPISHELL_FUZZ": str(count)}
    done = subprocess.run(argv, cwd=TOP, env=env, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    title = f"fuzz of {count:,} inputs of each kind"
    if done.returncode and not failed:
        return [Figure(name=title, skipped=(lines or [done.stderr.strip()])[-1])]
    seconds = time.perf_counter() - began
    return [
        Figure(name=title, unit="s", ours=seconds),
        Figure(
            name="- kinds with a bug", ours=len(failed), at_most=0, note="; ".join(failed)[:200]
        ),
    ]
