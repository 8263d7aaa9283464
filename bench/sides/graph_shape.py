"""NEPI's scalability graph as plain data: N nodes, one interface and A applications each, a link.

All sides build their experiment from this, so they have the same vertices and edges.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

PAGE = 4096
PHASES = ("describe", "deploy", "finish", "release")


def size(nodes: int, apps: int) -> int:
    """How many resources the graph has."""
    return nodes * (2 + apps) + 1


def resident() -> int:
    """Bytes of memory this process has in use now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def time_phases(phases: dict[str, Callable[[], object]], resources: int) -> None:
    """Run the phases in order; print the seconds of each and the memory per resource.

    Memory is read when all applications have finished: nothing has been released yet.
    """
    before = resident()
    numbers: dict[str, float] = {}
    for name, phase in phases.items():
        began = time.perf_counter()
        phase()
        numbers[name] = time.perf_counter() - began
        if name == "finish":
            numbers["bytes"] = (resident() - before) / resources
    numbers["total"] = sum(numbers[name] for name in PHASES)
    print(json.dumps(numbers))


def arguments() -> tuple[int, int]:
    """(nodes, applications per node) from the command line."""
    return int(sys.argv[1]), int(sys.argv[2])
