"""A controller that is killed while 10,000 resources run, and another that goes on with them."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.sides.graph_ours import Interface, Link, Node, check
from bench.sides.soak_ours import Lasting
from nepishell.commands.context import Context
from nepishell.commands.jobs import Jobs
from nepishell.commands.resuming import go_on, orphan, prepare
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.journal.keeping import RunJournal
from nepishell.resources.table import register_all

_EACH = 99


def begin(folder: Path, resources: int) -> None:
    """Deploy, and be gone without a word."""
    ec = ExperimentController("bench", local_dir=folder)
    journal = RunJournal(ec, version="bench")
    applications = []
    for _ in range(resources // (_EACH + 1)):
        node = ec.register_resource("bench::Node")
        for _ in range(_EACH):
            application = ec.register_resource("bench::Application")
            ec.register_connection(application, node)
            applications.append(application)
    ec.deploy()
    check(ec.wait_started(applications))
    ec.bus.drain()
    journal.writer.commit()


def main() -> None:
    resources = int(sys.argv[1])
    register_all()
    for rclass in (Node, Interface, Link, Lasting):
        ResourceFactory.register_type(rclass)
    with tempfile.TemporaryDirectory() as folder:
        child = os.fork()
        if not child:
            begin(Path(folder), resources)
            os._exit(0)
        os.waitpid(child, 0)
        run = orphan(local_dir=Path(folder))
        began = time.perf_counter()
        resumption = prepare(run)
        ready = time.perf_counter()
        ec = resumption.ec
        go_on(Context(ec=ec, jobs=Jobs(ec), emit=lambda shown: None), resumption, lambda line: None)
        done = time.perf_counter()
        running = sum(ec.state(guid) == ResourceState.STARTED for guid in ec.resources)
        if running != resources:
            raise SystemExit(f"{running} of {resources} run")
        size = run.journal.stat().st_size
        ec.shutdown()
    numbers = {"prepare": ready - began, "go on": done - ready, "total": done - began}
    print(json.dumps({**numbers, "bytes": size}))


if __name__ == "__main__":
    main()
