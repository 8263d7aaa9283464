"""Keeping track of who waits for which resource, and telling them: part of the life cycle.

Methods named _x want the engine's lock held.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nepishell.core.states import ResourceState
from nepishell.engine.hooks import HookRunner
from nepishell.engine.scheduler import Scheduler
from nepishell.engine.stalls import is_undeployed, stuck
from nepishell.engine.waits import Wait, has_reached

if TYPE_CHECKING:
    from nepishell.engine.resource import ResourceManager

FAILED = ResourceState.FAILED


class WaitKeeper(HookRunner):
    """The waits of one run, indexed by the resource they wait for."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__(scheduler)
        self.resources: dict[int, ResourceManager] = {}
        self.aborted: Callable[[], bool] = lambda: False
        #: who waits for which resource; one tuple serves all the resources of a wait
        self._waits: dict[int, tuple[Wait, ...]] = {}
        #: undeployed resources that an action of another waits for
        self._unanswered: set[int] = set()
        self._now = scheduler.clock.now
        scheduler.on_stall = self._stalled

    def begin_wait(
        self,
        rms: "list[ResourceManager]",
        goal: ResourceState,
        timeout: float | None,
        patient: bool,
    ) -> Wait:
        """Register a wait; its *done* is set when it is over. Call end_wait afterwards."""
        with self.lock:
            wait = Wait(goal, {rm._guid for rm in rms}, patient=patient)
            for rm in rms:
                if not (rm._state < goal and rm._state < FAILED):
                    wait.settle(rm)
            if not wait.pending or (self.aborted() and not patient):
                wait.aborted = bool(wait.pending)
                wait.done.set()
                return wait
            wait.undeployed = {g for g in wait.pending if is_undeployed(self.resources[g])}
            if self._is_hopeless(wait) and not self.scheduler._has_work():
                wait.stalled = True
                wait.done.set()
                return wait
            alone = (wait,)
            for guid in wait.pending:
                others = self._waits.get(guid)
                self._waits[guid] = alone if others is None else (*others, wait)
            if timeout is not None:
                due = self._now() + timeout
                wait.timer = self.scheduler._timer(due, lambda: self._time_out(wait))
            self.scheduler._begin_waiting(wait)
            return wait

    def _time_out(self, wait: Wait) -> None:
        if not wait.done.is_set():
            wait.timed_out = True
            self._finish(wait)

    def end_wait(self, wait: Wait) -> None:
        """Forget a wait, finished or interrupted."""
        with self.lock:
            if not wait.done.is_set():
                self._finish(wait)

    def _finish(self, wait: Wait) -> None:
        for guid in wait.pending:
            self._forget_wait(guid, wait)
        self.scheduler._end_waiting(wait)
        self.scheduler._drop(wait.timer)
        wait.done.set()

    def _forget_wait(self, guid: int, wait: Wait) -> None:
        left = tuple(other for other in self._waits.get(guid, ()) if other is not wait)
        if left:
            self._waits[guid] = left
        else:
            self._waits.pop(guid, None)

    def _tell_waits(self, rm: "ResourceManager", waits: tuple[Wait, ...]) -> None:
        state = rm._state
        for wait in waits:
            if state < wait.goal and state < FAILED:
                continue
            if has_reached(rm, wait.goal) is not None:
                self._forget_wait(rm._guid, wait)
                if wait.settle(rm):
                    self._finish(wait)

    def end_waits_for(self, guids: Iterable[int]) -> None:
        """Nobody brings *guids* any further: whoever waits for them waits in vain."""
        for guid in guids:
            for wait in self._waits.get(guid, ()):
                if not wait.patient:
                    wait.stalled = True
                    self._finish(wait)

    def _stalled(self) -> None:
        """Nothing runs and nothing is due: a wait that only we could end would never end."""
        for wait in {wait for waits in self._waits.values() for wait in waits}:
            if self._is_hopeless(wait) or self.scheduler.clock.virtual:
                wait.stalled = True
                self._finish(wait)

    def _is_hopeless(self, wait: Wait) -> bool:
        """Whether it waits for something that nobody deployed, or for who waits for such."""
        if not wait.patient:
            wait.awaited = self._awaited(wait)
        return wait.awaited is not None

    def _awaited(self, wait: Wait) -> int | None:
        for guid in sorted(wait.undeployed & wait.pending):
            if self._nobody_deployed(guid):
                return guid
        self._unanswered = {guid for guid in self._unanswered if self._nobody_deployed(guid)}
        for guid in sorted(self._unanswered):
            out_of_reach = stuck(self.resources, guid)
            if any(out_of_reach.get(one, FAILED) <= wait.goal for one in wait.pending):
                return guid
        return None

    def _nobody_deployed(self, guid: int) -> bool:
        return guid in self.resources and is_undeployed(self.resources[guid])
