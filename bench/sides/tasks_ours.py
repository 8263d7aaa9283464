"""How many tasks per second the scheduler and its workers run: schedule("0s", ...)."""

import itertools
import json
import sys
import tempfile
import time
from pathlib import Path
from threading import Event

from nepishell.engine.controller import ExperimentController


def main() -> None:
    tasks, threads = int(sys.argv[1]), int(sys.argv[2])
    ran, done = itertools.count(1), Event()

    def task() -> None:
        if next(ran) == tasks:
            done.set()

    with tempfile.TemporaryDirectory() as folder:
        ec = ExperimentController(local_dir=Path(folder), nthreads=threads)
        began = time.perf_counter()
        for _ in range(tasks):
            ec.schedule("0s", task)
        done.wait()
        took = time.perf_counter() - began
        ec.shutdown()
    print(json.dumps({"per_second": tasks / took}))


if __name__ == "__main__":
    main()
