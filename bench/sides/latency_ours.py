"""How long after a state change the dependent hook runs, and a wait returns."""

import json
import tempfile
import time
from pathlib import Path

from bench.side import percentile
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.resource import ResourceManager

PAIRS = 300
WAITS = 300
IDLE_MS = 3

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


def register(ec: ExperimentController, count: int) -> list[Stamped]:
    """That many new resources."""
    guids = [ec.register_resource(Stamped.rtype) for _ in range(count)]
    return [rm for guid in guids if isinstance(rm := ec.get_resource(guid), Stamped)]


def guids_of(rms: list[Stamped]) -> list[int]:
    return [rm.guid for rm in rms]


def to_hooks(ec: ExperimentController) -> list[float]:
    """Seconds from each STOPPED to the start hook that waited for it; the engine idles between."""
    firsts, seconds = register(ec, PAIRS), register(ec, PAIRS)
    for first, second in zip(firsts, seconds, strict=True):
        ec.register_condition(
            [second.guid], ResourceAction.START, [first.guid], ResourceState.STOPPED
        )
    ec.deploy(guids_of(firsts + seconds))
    ec.wait_started(guids_of(firsts))
    for n, first in enumerate(firsts):
        ec.schedule(f"{(n + 1) * IDLE_MS}ms", first.stop)
    if not (reached := ec.wait_started(guids_of(seconds))):
        raise SystemExit(str(reached))
    return [second.entered - first.moved for first, second in zip(firsts, seconds, strict=True)]


def to_waits(ec: ExperimentController) -> list[float]:
    """Seconds from each STOPPED to the return of the wait that a script was blocked in."""
    rms = register(ec, WAITS)
    ec.deploy(guids_of(rms))
    ec.wait_started(guids_of(rms))
    found = []
    for rm in rms:
        ec.schedule(f"{IDLE_MS}ms", rm.stop)
        if not (reached := ec.wait_finished([rm.guid])):
            raise SystemExit(str(reached))
        found.append(now() - rm.moved)
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
