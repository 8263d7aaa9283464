"""The toolbar's text while states change."""

import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.side import percentile
from bench.sides.keystroke_ours import Dummy
from nepishell.commands.context import Context
from nepishell.commands.jobs import Jobs
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.shell.guard import Guard
from nepishell.shell.toolbar import Toolbar

DRAWS = 300


def main() -> None:
    ResourceFactory.register_type(Dummy)
    with tempfile.TemporaryDirectory() as folder:
        ec = ExperimentController("bench", local_dir=Path(folder))
        for _ in range(int(sys.argv[1])):
            ec.register_resource("bench::Dummy")
        ctx = Context(ec=ec, jobs=Jobs(ec))
        toolbar = Toolbar(ctx, Guard(print, Path(folder) / "log.txt"))
        found = []
        for rm in list(ec.managers.values())[:DRAWS]:
            ec._life.move(rm, ResourceState.DISCOVERED)
            began = time.perf_counter()
            toolbar()
            found.append((time.perf_counter() - began) * 1e3)
        ec.shutdown()
    print(json.dumps({"p50": median(found), "p95": percentile(found, 0.95)}))


if __name__ == "__main__":
    main()
