"""The graph of `graph_ours`, with or without a journal; the end of both is the end of the run."""

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.sides.graph_ours import Application, Interface, Link, Node, Ours
from bench.sides.graph_shape import PHASES
from nepishell.engine.factory import ResourceFactory
from nepishell.journal.keeping import RunJournal


def main() -> None:
    nodes, apps, kept = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "on"
    for rclass in (Node, Interface, Link, Application):
        ResourceFactory.register_type(rclass)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        side = Ours(nodes, apps, Path(folder))
        journal = RunJournal(side.ec, version="bench") if kept else None
        numbers = {}
        for name in PHASES:
            at = time.perf_counter()
            getattr(side, name)()
            numbers[name] = time.perf_counter() - at
        at = time.perf_counter()
        side.ec.shutdown()
        numbers["end"] = time.perf_counter() - at
        numbers["total"] = time.perf_counter() - began
        numbers["cpu"] = time.process_time()
        numbers["bytes"] = float(journal.writer.path.stat().st_size) if journal else 0.0
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
