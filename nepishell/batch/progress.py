"""What happens meanwhile, on standard error: failures and warnings always, counts on a terminal."""

from collections import Counter

from nepishell.batch.printer import Printer
from nepishell.commands.logs import Told
from nepishell.core.events import (
    Event,
    Noted,
    ResourceAdded,
    ResourceRemoved,
    StateChanged,
)
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController

#: Seconds of the run between two redraws of the counts.
EVERY_S = 0.1


class Progress:
    """A subscriber of the bus. Runs on the bus's thread."""

    def __init__(self, ec: ExperimentController, printer: Printer) -> None:
        self._ec = ec
        self._printer = printer
        #: what is told
        self.told = Told()
        self._states: dict[int, ResourceState] = {}
        self._drawn_at = -EVERY_S
        self._doing = ""
        self._unsubscribe = ec.bus.subscribe(self.see)

    def close(self) -> None:
        """Tell what was posted, then no more."""
        self._ec.bus.drain()
        self._unsubscribe()
        self._printer.progress("")

    def doing(self, text: str) -> None:
        """Which line is being played now; from any thread."""
        self._doing = text
        self._printer.progress(self._counts())

    def see(self, event: Event) -> None:
        """Take note of an event."""
        match event:
            case StateChanged(guid=guid, new=new):
                self._states[guid] = new
                self._tell_move(event)
            case ResourceAdded(guid=guid):
                self._states[guid] = ResourceState.NEW
            case ResourceRemoved(guid=guid):
                self._states.pop(guid, None)
            case Noted(guid=guid, level=level, text=text) if self.told.covers(level):
                who = f"{self._name(guid)}: " if guid else ""
                self._printer.say(f"{level}: {who}{text}")
        if self._printer.shows_progress and event.at - self._drawn_at >= EVERY_S:
            self._drawn_at = event.at
            self._printer.progress(self._counts())

    def _tell_move(self, move: StateChanged) -> None:
        if move.new is ResourceState.FAILED:
            self._printer.say(f"{self._name(move.guid)} FAILED: {move.reason}")
        elif self.told.covers("info" if move.new >= ResourceState.READY else "debug"):
            self._printer.say(f"{self._name(move.guid)}: {move.new.name}")

    def _name(self, guid: int) -> str:
        rm = self._ec.get_resource(guid)
        return rm.name if rm is not None else str(guid)

    def _counts(self) -> str:
        counts = Counter(self._states.values())
        parts = [f"{counts[state]} {state.name}" for state in ResourceState if counts[state]]
        counted = f"{len(self._states)} resources: {', '.join(parts)}"
        if not self._doing:
            return counted
        return f"{self._doing}  [{counted}]" if parts else self._doing
