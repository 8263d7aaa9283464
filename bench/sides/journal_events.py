"""Many events into one journal; memory when a tenth of them, and when all of them are on disk."""

import gc
import json
import sys
import tempfile
import time
from pathlib import Path

from bench.sides.graph_ours import Link
from bench.sides.graph_shape import resident
from nepishell.core.events import Noted
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.journal.keeping import RunJournal

#: Events between two commits: what a large deployment brings at once.
_AT_ONCE = 10_000


def main() -> None:
    count = int(sys.argv[1])
    ResourceFactory.register_type(Link)
    with tempfile.TemporaryDirectory() as folder:
        ec = ExperimentController(local_dir=Path(folder))
        journal = RunJournal(ec, version="bench")
        began, first = time.perf_counter(), 0
        for done in range(0, count, _AT_ONCE):
            for number in range(done, done + _AT_ONCE):
                ec.bus.post(Noted(ec.clock.now(), number, "info", f"event {number}"))
            ec.bus.drain()
            journal.writer.commit()
            if not first and done >= count // 10:
                gc.collect()
                first = resident()
        seconds = time.perf_counter() - began
        gc.collect()
        last = resident()
        ec.shutdown()
    print(json.dumps({"grown": last - first, "resident": last, "seconds": seconds}))


if __name__ == "__main__":
    main()
