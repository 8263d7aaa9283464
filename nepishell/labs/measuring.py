"""Whether programs run in an experiment, and waiting as a person does: until they have ended."""

from threading import Event as Signal

from nepishell.core.events import Event, StateChanged
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController

_PROGRAM = "linux::Application"


def is_measuring(ec: ExperimentController) -> bool:
    """Whether a program runs that has an end of its own, or is stopped by somebody."""
    return any(
        rm.state is ResourceState.STARTED and _PROGRAM in rm._rtypes
        for rm in list(ec.managers.values())
    )


def pause(ec: ExperimentController, seconds: float) -> None:
    """Wait so long, or until no program runs any more."""
    over = Signal()

    def see(event: Event) -> None:
        if isinstance(event, StateChanged) and not is_measuring(ec):
            over.set()

    unsubscribe = ec.bus.subscribe(see)
    try:
        if is_measuring(ec):
            over.wait(seconds)
    finally:
        unsubscribe()
