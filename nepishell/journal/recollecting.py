"""A run that is over, as a controller that only remembers: to be looked at, never to act."""

from nepishell.engine.clock import VirtualClock
from nepishell.engine.controller import ExperimentController
from nepishell.engine.recollecting import recollect
from nepishell.journal.resuming import open_again, read_legacy, remembered
from nepishell.journal.runs import Run
from nepishell.journal.world import fold


def open_past(run: Run, until: float | None = None) -> tuple[ExperimentController, list[str]]:
    """A controller of what *run* was at its end, its clock standing there, and warnings.

    *until*: seconds of the run's clock; as it was then. End it by forget(). Raises JournalError at
    an altered record.
    """
    legacy = read_legacy(run)
    clock = VirtualClock(legacy.clock().date(0.0))
    clock.jump(legacy.last if until is None else until)
    ec = open_again(legacy, clock=clock)
    world = legacy.world if until is None else fold(run.events(), until)
    return ec, recollect(ec, map(remembered, world.resources.values()), world.groups)
