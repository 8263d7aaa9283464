"""The walk and the menu of each key, in our prompt's view of a real controller."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from bench.sides.keystroke_shape import LETTERS, LINES, NAMES, PARTS, keys, names, summary, timed
from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.core.attributes import Attribute, Types
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.resource import ResourceManager

CHANGES_PER_S = 1000
STEP_S = 0.01
_ROUND = (ResourceState.STARTED, ResourceState.STOPPED)


class Dummy(ResourceManager):
    """Does nothing."""

    rtype = "bench::Dummy"
    delay = Attribute(Types.Duration, live=True, help="how long")
    mode = Attribute(default="auto", choices=("auto", "relay", "tbf"), help="which way")


@contextmanager
def changing(ec: ExperimentController) -> Iterator[None]:
    """Inside, states change a thousand times a second."""
    rms = list(ec.managers.values())[:CHANGES_PER_S]
    for rm in rms:
        path = (ResourceState.DISCOVERED, ResourceState.PROVISIONED, ResourceState.READY)
        for state in path:
            ec._life.move(rm, state)
    done = Event()

    def change() -> None:
        turn = 0
        while not done.wait(STEP_S):
            for _ in range(int(CHANGES_PER_S * STEP_S)):
                state = _ROUND[turn // len(rms) % 2]
                ec._life.move(rms[turn % len(rms)], state)
                turn += 1

    thread = Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def main() -> None:
    ResourceFactory.register_type(Dummy)
    sys.setswitchinterval(0.0005)  # as the prompt does
    with tempfile.TemporaryDirectory() as folder:
        ec = ExperimentController("bench", local_dir=Path(folder))
        ctx = Context(ec=ec, jobs=Jobs(ec), waits=False)
        interpreter = Interpreter(ctx, interactive=True)
        interpreter.walk("list")
        for label in names(int(sys.argv[1])):
            ec.register_resource("bench::Dummy", label=label)

        def key(text: str) -> object:
            return interpreter.walk(text, glance=True).candidates()

        [first] = timed(key, ["set web32"], 1)
        timed(key, ["show eb3", "stop b"], 1)
        numbers = {"first": first, **summary("idle", timed(key, keys(LINES)))}
        numbers |= summary("part", timed(key, [*PARTS], 9))
        numbers |= summary("letters", timed(key, [*LETTERS], 9))
        numbers |= summary("name", timed(key, [f"show {text}" for text in keys(NAMES)]))
        ec.register_resource("bench::Dummy", label="one-more")
        [numbers["after_add"]] = timed(key, ["set web32"], 1)
        with changing(ec):
            time.sleep(STEP_S * 5)
            numbers |= summary("busy", timed(key, keys(LINES)))
        ec.shutdown()
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
