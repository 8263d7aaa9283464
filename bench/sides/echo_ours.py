"""Our prompt with many resources, of which a deployment or a flood of notes keeps it busy.

`deploy all` at it makes a thousand events each second; `deploy flood`, ten thousand notes.
"""

import sys
import threading
import time
from typing import Any

from bench.sides.keystroke_shape import names
from nepishell.core.events import Noted
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.resource import ResourceManager
from nepishell.shell import main as shell

RESOURCES = 10_000
#: moves of one resource in a deployment
MOVES = 3
EVENTS_PER_S, LINES_PER_S, STEP_S = 1_000, 10_000, 0.01

_turns = threading.Semaphore(0)


def _pace() -> None:
    """Let so many resources go on that there are as many events as promised."""
    began, let = time.monotonic(), 0
    while True:
        time.sleep(STEP_S)
        due = int((time.monotonic() - began) * EVENTS_PER_S / MOVES)
        if due > let:
            _turns.release(due - let)
            let = due


class Dummy(ResourceManager):
    """Waits for its turn."""

    rtype = "bench::Dummy"

    def do_discover(self) -> None:
        _turns.acquire()
        super().do_discover()


class Flood(ResourceManager):
    """Says much, once it is deployed."""

    rtype = "bench::Flood"

    def do_deploy(self) -> None:
        threading.Thread(target=self._talk, daemon=True).start()
        super().do_deploy()

    def _talk(self) -> None:
        began, said = time.monotonic(), 0
        while True:
            time.sleep(STEP_S)
            due = int((time.monotonic() - began) * LINES_PER_S)
            for number in range(said, due):
                note = Noted(number / LINES_PER_S, self.guid, "warning", f"reading {number}: high")
                self.ec.bus.post(note)
            said = due


class Loaded(ExperimentController):
    """Has its resources when the prompt comes up."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for label in names(RESOURCES):
            self.register_resource("bench::Dummy", label=label)
        self.register_resource("bench::Flood", label="flood")
        threading.Thread(target=_pace, daemon=True).start()


def main() -> int:
    for kind in (Dummy, Flood):
        ResourceFactory.register_type(kind)
    vars(shell)["ExperimentController"] = Loaded
    return shell.main([])


if __name__ == "__main__":
    sys.exit(main())
