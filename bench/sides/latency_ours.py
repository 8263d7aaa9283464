"""How long after a state change the dependent hook runs, and a wait returns."""

import json
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from bench.side import percentile
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.resource import ResourceManager

CHAIN = 500
WAITS = 300

now = time.perf_counter


class Stamped(ResourceManager):
    """Writes down when its start hook was entered and when it asked for each move."""

    rtype = "bench::Stamped"
    entered = 0.0
    moved = 0.0

    def do_start(self) -> None:
        self.entered = now()
        self.moved = now()
        super().do_start()

    def do_stop(self) -> None:
        self.moved = now()
        super().do_stop()


def to_hooks(ec: ExperimentController) -> list[float]:
    """Seconds from each STARTED to the start hook that waited for it, along a chain."""
    guids = [ec.register_resource("bench::Stamped") for _ in range(CHAIN)]
    for before, after in pairwise(guids):
        ec.register_condition([after], ResourceAction.START, [before], ResourceState.STARTED)
    ec.deploy(guids)
    if not ec.wait_started(guids):
        raise SystemExit("the chain did not start")
    chain = [ec.get_resource(guid) for guid in guids]
    return [
        after.entered - before.moved  # type: ignore[attr-defined]
        for before, after in pairwise(chain)
    ]


def to_waits(ec: ExperimentController) -> list[float]:
    """Seconds from each STOPPED to the return of the wait that a script was blocked in."""
    guids = [ec.register_resource("bench::Stamped") for _ in range(WAITS)]
    ec.deploy(guids)
    ec.wait_started(guids)
    found = []
    for guid in guids:
        rm = ec.get_resource(guid)
        ec.schedule("3ms", rm.stop)
        if not ec.wait_finished([guid]):
            raise SystemExit("a wait failed")
        found.append(now() - rm.moved)  # type: ignore[attr-defined]
    return found


def main() -> None:
    ResourceFactory.register_type(Stamped)
    with tempfile.TemporaryDirectory() as folder:
        ec = ExperimentController(local_dir=Path(folder))
        hooks, waits = to_hooks(ec), to_waits(ec)
        ec.shutdown()
    numbers = {
        f"{what}_{name}": percentile(values, share)
        for what, values in (("hook", hooks), ("wait", waits))
        for name, share in (("p50", 0.5), ("p95", 0.95))
    }
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
