"""What the engine keeps of a description, and how it tells: values, traces, notes."""

from typing import TYPE_CHECKING

from nepishell.core.attributes import Attribute, Flags, Value
from nepishell.core.events import AttributeSet, Noted, TraceSwitched
from nepishell.engine.described import Setting
from nepishell.engine.resource import ResourceManager
from nepishell.engine.scheduler import Scheduler
from nepishell.engine.waitkeeper import WaitKeeper

if TYPE_CHECKING:
    from nepishell.engine.undoing import Recorder

#: The level of a note that is a mark.
MARK = "mark"


class Telling(WaitKeeper):
    """The part of the life cycle that changes no state."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__(scheduler)
        self._bus = scheduler.bus
        #: bumped by every change that a snapshot would show
        self.version = 0
        #: told of parts that are about to change, while a command is recorded
        self.recorder: Recorder | None = None
        #: moments that people gave a name: (seconds of the run's clock, text), oldest first
        self.marks: list[tuple[float, str]] = []

    def store(self, rm: ResourceManager, attribute: Attribute, value: Value) -> None:
        """Write a checked value."""
        with self.lock:
            if self.recorder is not None and rm._guid in self.resources:
                self.recorder.touch(Setting(rm, attribute.name))
            if rm._values is None:
                rm._values = {}
            rm._values[attribute.name] = value
            self.version += 1
            if rm._guid in self.resources:
                self._tell_value(rm, attribute)

    def _tell_value(self, rm: ResourceManager, attribute: Attribute) -> None:
        if self._bus.active:
            secret = attribute.has_flag(Flags.Credential)
            shown = "(hidden)" if secret else attribute.format(rm.get(attribute.name))
            self._bus.post(AttributeSet(self._now(), rm._guid, attribute.name, shown))

    def tell_trace(self, rm: ResourceManager, name: str) -> None:
        """Whether trace *name* of *rm* is recorded was decided anew."""
        with self.lock:
            self._bus.post(TraceSwitched(self._now(), rm._guid, name, rm.trace_enabled(name)))

    def mark(self, text: str) -> None:
        """Note this moment under a name."""
        with self.lock:
            at = self._now()
            self.marks.append((at, text))
            self._bus.post(Noted(at, 0, MARK, text))

    def note(self, guid: int, level: str, text: str) -> None:
        """Tell people something."""
        with self.lock:
            self._bus.post(Noted(self._now(), guid, level, text))
