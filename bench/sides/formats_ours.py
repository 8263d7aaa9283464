"""Save the graph after its deployment, and load it into a controller of its own: XML or JSON."""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.sides.graph_ours import Application, Interface, Link, Node, Ours
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.formats.files import load_new, write


def main() -> None:
    form, nodes, apps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for rclass in (Node, Interface, Link, Application):
        ResourceFactory.register_type(rclass)
    with tempfile.TemporaryDirectory() as folder:
        side = Ours(nodes, apps, Path(folder))
        side.describe()
        side.deploy()
        side.finish()
        path = Path(folder) / f"graph.{form}"
        began = time.perf_counter()
        write(path, side.ec)
        saved = time.perf_counter()
        again = load_new(path, ExperimentController, {"local_dir": folder})
        loaded = time.perf_counter()
        if again.resources != side.ec.resources:
            raise SystemExit("what was loaded is not what was saved")
        numbers = {
            "save": saved - began,
            "load": loaded - saved,
            "total": loaded - began,
            "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "file": path.stat().st_size,
        }
        side.ec.shutdown()
        again.shutdown()
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
