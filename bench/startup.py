"""What it costs to start: `nepishell --version` beside a bare interpreter, and what it imports."""

import subprocess
import sys
import time
from functools import partial

from bench.figure import Figure
from bench.side import TOP, Numbers, SideFailed, interleave

HEAVY = ("prompt_toolkit", "paramiko", "networkx")
VERSION = ["-m", "nepishell", "--version"]
ROUNDS = 15


def measure() -> list[Figure]:
    """Milliseconds more than `python -c pass`, and how many modules more."""
    medians, failed = interleave(
        {"version": partial(_time, VERSION), "bare": partial(_time, ["-c", "pass"])}, ROUNDS
    )
    if failed:
        return [Figure(name="nepishell --version", skipped=" ".join(failed.values()))]
    modules = _imported(VERSION)
    return [
        Figure(
            name="nepishell --version, more than a bare interpreter",
            unit="ms",
            ours=(medians["version"]["seconds"] - medians["bare"]["seconds"]) * 1e3,
            at_most=50,
            note=f"bare: {medians['bare']['seconds'] * 1e3:.0f} ms",
        ),
        Figure(
            name=f"- imports of {', '.join(HEAVY)}",
            unit="modules",
            ours=len([name for name in modules if name.partition(".")[0] in HEAVY]),
            at_most=0,
            note=f"{len(modules - _imported(['-c', 'pass']))} modules more in all",
        ),
    ]


def _python(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=TOP, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SideFailed(done.stderr.strip().splitlines()[-1])
    return done


def _time(arguments: list[str]) -> Numbers:
    began = time.perf_counter()
    _python(arguments)
    return {"seconds": time.perf_counter() - began}


def _imported(arguments: list[str]) -> set[str]:
    said = _python(["-X", "importtime", *arguments]).stderr.splitlines()
    return {line.rpartition("|")[2].strip() for line in said if line.startswith("import time:")}
