"""Stand-ins for resources in a rehearsal: hooks that take the time they are given, no more."""

from collections.abc import Callable

from nepishell.core.states import ResourceState
from nepishell.engine.jobs import LATER
from nepishell.engine.resource import ResourceManager

READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED


class StandIn(ResourceManager):
    """Takes the time it is given, and does nothing."""

    rtype = "stand-in"
    original: ResourceManager
    takes: dict[ResourceState, float | None]
    runs: float | None

    def _take(self, goal: ResourceState, move: Callable[[], object]) -> object:
        seconds = self.takes.get(goal)
        if not seconds:
            move()
            return None
        self.ec.schedule(seconds, lambda: self.later(move))
        return LATER

    def do_deploy(self) -> object:
        return self._take(READY, super().do_deploy)

    def do_start(self) -> object:
        return self._take(STARTED, self._started)

    def _started(self) -> None:
        super().do_start()
        self.end_after(self.runs)

    def end_after(self, seconds: float | None) -> None:
        """Stop by itself, if it is known when."""
        if seconds is not None and seconds >= 0:
            self.ec.schedule(seconds, lambda: self.later(self._end))

    def _end(self) -> None:
        if self.state is STARTED:
            super().do_stop()

    def do_stop(self) -> object:
        return self._take(STOPPED, super().do_stop)
