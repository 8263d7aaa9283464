"""Rounds of one controller that keeps a journal: add, deploy, stop, release and remove resources.

After each round threads, descriptors and memory are read; the last line holds how they changed.
"""

import gc
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.sides.graph_ours import Application, Interface, Link, Node, check
from bench.sides.graph_shape import resident
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.journal.keeping import RunJournal

#: Applications on each node.
_EACH = 99
#: The first rounds fill caches, pools of the allocator and free lists.
_WARM = 3
#: Threads that are no workers, the first included.
_OTHERS = 5
Sample = tuple[float, int, int, int]


class Lasting(Application):
    """Runs until it is stopped."""

    rtype = "bench::Application"

    def do_start(self) -> None:
        super(Application, self).do_start()


def turn(ec: ExperimentController, resources: int) -> None:
    """One life of that many resources."""
    applications = []
    for _ in range(resources // (_EACH + 1)):
        node = ec.register_resource("bench::Node")
        for _ in range(_EACH):
            application = ec.register_resource("bench::Application")
            ec.register_connection(application, node)
            applications.append(application)
    ec.deploy()
    check(ec.wait_started(applications))
    for guid in applications:
        ec.stop(guid)
    check(ec.release())
    for guid in ec.resources:
        ec.remove_resource(guid)


def sample(began: float) -> Sample:
    """(seconds, threads, descriptors, bytes of memory) now."""
    gc.collect()
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    return time.monotonic() - began, threading.active_count(), descriptors, resident()


def slope(samples: list[Sample]) -> float:
    """Bytes per second by which memory grows: least squares."""
    times, sizes = [one[0] for one in samples], [one[3] for one in samples]
    middle, size = sum(times) / len(times), sum(sizes) / len(sizes)
    spread = sum((at - middle) ** 2 for at in times)
    return sum((at - middle) * (s - size) for at, s in zip(times, sizes, strict=True)) / spread


def main() -> None:
    resources, seconds = int(sys.argv[1]), float(sys.argv[2])
    for rclass in (Node, Interface, Link, Lasting):
        ResourceFactory.register_type(rclass)
    began = time.monotonic()
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory() as folder:
        ec = ExperimentController(local_dir=Path(folder))
        journal = RunJournal(ec, version="bench")
        while len(samples) < _WARM + 3 or time.monotonic() - began < seconds:
            turn(ec, resources)
            journal.writer.commit()
            samples.append(sample(began))
        written = journal.writer.path.stat().st_size
        ec.shutdown()
    half = samples[len(samples) // 2 :]
    warm, last = samples[_WARM], samples[-1]
    numbers = {
        "rounds": len(samples),
        "threads": last[1],
        # workers are made when they are first needed; scheduler, bus and journal have one each
        "most": ec._scheduler.workers._most + _OTHERS,
        "descriptors": last[2] - max(one[2] for one in samples[: len(samples) // 2]),
        "bytes_per_round": slope(half) * (last[0] - half[0][0]) / (len(half) - 1),
        "grown": last[3] - warm[3],
        "resident": last[3],
        "journal": written,
        "left": threading.active_count() - 1,
    }
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
