"""Running an experiment: deploy, wait, act, release. Everything but a wait returns at once."""

from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Any

from nepishell.core.errors import BadValue, WrongState
from nepishell.core.states import ECState, FailureLevel, ResourceAction, ResourceState, parse_state
from nepishell.core.timestamps import seconds_until
from nepishell.core.units import format_duration, parse_duration
from nepishell.engine import jobs
from nepishell.engine.callingoff import CalledOff, call_off
from nepishell.engine.failure import FailureManager
from nepishell.engine.groups import Group
from nepishell.engine.jobs import Job
from nepishell.engine.parts import Guids, Part
from nepishell.engine.release import begin_release, check_dependents
from nepishell.engine.resource import ResourceManager
from nepishell.engine.tasks import Task
from nepishell.engine.waits import Wait, WaitResult

Timeout = float | str | None
READY = ResourceState.READY


class Execution(Part):
    """The part of the controller that runs."""

    _state: ECState
    _fm: FailureManager

    if TYPE_CHECKING:

        def remove_resource(self, guid: int) -> None: ...

        def _keep(self) -> None: ...

        def _check_barrier(self, rms: list[ResourceManager], members: list[int]) -> None: ...

    # -- deployment ------------------------------------------------------------------------

    def deploy(
        self, guids: Guids | None = None, wait_all_ready: bool = True, group: int | None = None
    ) -> int:
        """Deploy resources (None: all that are NEW), then start them; gives the group's id.

        They start once all of the group are READY, or, with *wait_all_ready* False, each by
        itself. Returns at once. Raises before anything happens when one of them is deployed
        already, lacks a required attribute or a peer.
        """
        self._check_alive()
        if guids is None:
            rms = [rm for rm in self._life.resources.values() if self._is_undeployed(rm)]
        else:
            rms = self._rms(guids)
        for rm in rms:
            self._check_deployable(rm)
        if group is not None and (isinstance(group, bool) or not isinstance(group, int)):
            raise BadValue(f"'{group}' is not a group; use a number that deploy gave")
        known = self._groups.get(group) if group is not None else None
        if known.together if known is not None else wait_all_ready:
            self._check_barrier(rms, known.members if known is not None else [])
        chosen = self._group(group, wait_all_ready)
        self._state = ECState.RUNNING
        if rms:
            self._life.deploy(rms, chosen)
        return chosen.id

    def call_off(self, guids: Guids) -> CalledOff:
        """Let nothing of the deployment of *guids* begin any more; what has begun stays."""
        return call_off(self._life, self._rms(guids))

    def _is_undeployed(self, rm: ResourceManager) -> bool:
        return rm._group is None and rm._state < READY

    def check_deployable(self, guid: int) -> None:
        """Raise what deploy() would raise for this resource."""
        self._check_deployable(self._rm(guid))

    def _check_deployable(self, rm: ResourceManager) -> None:
        if not self._is_undeployed(rm):
            how = "being deployed" if rm.state < ResourceState.READY else rm.state.name
            raise WrongState(f"resource {rm.guid} ({rm.name}) is {how} already")
        for attribute in rm._required:
            name = attribute.name
            if rm.get(name) is None:
                raise BadValue(f"resource {rm.guid} ({rm.name}) needs '{name}': {attribute.help}")
        for peer in rm._peers:
            if peer.min and (count := len(rm.get_peers(peer))) < peer.min:
                raise BadValue(
                    f"resource {rm.guid} ({rm.name}) needs {peer}; connected: {count or 'none'}"
                )

    def _group(self, group: int | None, together: bool) -> Group:
        with self._life.lock:
            if group is not None and group in self._groups:
                return self._groups[group]
            made = Group(self._group_ids.generate(group), together=together)
            self._groups[made.id] = made
            return made

    # -- one resource, now -----------------------------------------------------------------

    def discover(self, guid: int) -> None:
        """Run its do_discover in this thread. Raises what the hook raised; it is FAILED then."""
        self._act(guid, jobs.DISCOVER, ResourceAction.DEPLOY)

    def provision(self, guid: int) -> None:
        """Run its do_provision in this thread."""
        self._act(guid, jobs.PROVISION, ResourceAction.DEPLOY)

    def start(self, guid: int) -> None:
        """Start a READY or STOPPED resource in this thread, whatever its conditions."""
        self._act(guid, jobs.START, ResourceAction.START)

    def stop(self, guid: int) -> None:
        """Stop a STARTED resource in this thread, whatever its conditions."""
        self._act(guid, jobs.STOP, ResourceAction.STOP)

    def _act(self, guid: int, job: Job, action: ResourceAction) -> None:
        rm = self._rm(guid)
        self._life.act(rm, job, action, strict=True)

    # -- waits -----------------------------------------------------------------------------

    def wait_deployed(self, guids: Guids, timeout: Timeout = None) -> WaitResult:
        """Wait until all are READY; see wait."""
        return self.wait(guids, ResourceState.READY, timeout)

    def wait_started(self, guids: Guids, timeout: Timeout = None) -> WaitResult:
        """Wait until all are STARTED; see wait."""
        return self.wait(guids, ResourceState.STARTED, timeout)

    def wait_finished(self, guids: Guids, timeout: Timeout = None) -> WaitResult:
        """Wait until all are STOPPED; see wait."""
        return self.wait(guids, ResourceState.STOPPED, timeout)

    def wait_released(self, guids: Guids, timeout: Timeout = None) -> WaitResult:
        """Wait until all are RELEASED; an abort does not end it."""
        return self.wait(guids, ResourceState.RELEASED, timeout)

    def wait(
        self,
        guids: Guids,
        state: Any,
        timeout: Timeout = None,
        *,
        begun: Callable[[Callable[[], None]], object] | None = None,
    ) -> WaitResult:
        """Block until each of *guids* reached *state*; true when they did, and else says who not.

        Ends early when none of them can get there any more, when the run is aborted, or after
        *timeout* (seconds or a duration, on the run's clock). Raises WrongState when it could
        only wait for ever: something was never deployed, or nothing is left to happen. *begun* is
        given a function that ends the wait, from any thread.
        """
        goal = parse_state(state)
        limit = parse_duration(timeout) if timeout is not None else None
        return self._wait(self._rms(guids), goal, limit, begun)

    def _wait(
        self,
        rms: list[ResourceManager],
        goal: ResourceState,
        timeout: float | None,
        begun: Callable[[Callable[[], None]], object] | None = None,
    ) -> WaitResult:
        self._check_no_hook()
        wait = self._life.begin_wait(rms, goal, timeout, goal is ResourceState.RELEASED)
        try:
            if begun is not None:
                begun(lambda: self._life.end_wait(wait))
            wait.done.wait()
        finally:
            self._life.end_wait(wait)
        if wait.stalled:
            raise WrongState(self._stall(wait))
        return WaitResult(
            state=goal,
            failed=tuple(wait.failed),
            pending=tuple(sorted(wait.pending)),
            timed_out=wait.timed_out,
            aborted=wait.aborted,
            reason=self._reason(wait, timeout),
        )

    def _check_no_hook(self) -> None:
        if getattr(self._scheduler.context, "rm", None) is not None:
            raise WrongState("a hook cannot wait for a resource: it would hold its worker")

    def _stall(self, wait: Wait) -> str:
        pending = [self._rm(guid).name for guid in sorted(wait.pending)]
        more = f" and {len(pending) - 3} more" if len(pending) > 3 else ""
        names = ", ".join(pending[:3]) + more
        if wait.awaited is not None:
            rm = self._rm(wait.awaited)
            who = "it" if rm.guid in wait.pending else names
            return (
                f"resource {rm.guid} ({rm.name}) was never deployed: "
                f"{who} would wait for {wait.goal.name} for ever; deploy it first"
            )
        return f"nothing is left to happen, yet {names} did not become {wait.goal.name}"

    def _reason(self, wait: Wait, timeout: float | None) -> str:
        parts = []
        if wait.timed_out:
            left = [self._rm(guid) for guid in sorted(wait.pending)]
            who = ", ".join(f"{rm.guid} ({rm.name}) is {rm.state.name}" for rm in left[:3])
            more = f" and {len(left) - 3} more" if len(left) > 3 else ""
            after = format_duration(timeout or 0.0)
            parts.append(f"not {wait.goal.name} after {after}: {who}{more}")
        failed = [self._rm(guid) for guid in wait.failed if guid in self._life.resources]
        if wait.aborted and not failed:
            failed = [rm for rm in self._life.resources.values() if rm.failure]
            parts.append("the run was aborted")
        parts += [f"{rm.guid} ({rm.name}) {_end_of(rm)}" for rm in failed[:3]]
        if len(failed) > 3:
            parts.append(f"and {len(failed) - 3} more")
        return "; ".join(parts)

    # -- release ---------------------------------------------------------------------------

    def release(self, guids: Guids | None = None) -> WaitResult:
        """Release resources (None: all), dependents first; blocks until they are RELEASED.

        The rest goes on. Raises WrongState when something outside *guids* still needs one of
        them. A release that failed is told in the result's reason; the resource is RELEASED.
        """
        self._check_no_hook()
        rms = list(self._life.resources.values()) if guids is None else self._rms(guids)
        if guids is not None:
            check_dependents(rms)
        begin_release(self._life, rms)
        result = self._wait(rms, ResourceState.RELEASED, None)
        errors = [
            f"{rm.guid} ({rm.name}): {self._life.release_errors[rm.guid]}"
            for rm in rms
            if rm.guid in self._life.release_errors
        ]
        if errors:
            result = WaitResult(state=result.state, reason="release failed: " + "; ".join(errors))
        if guids is None:
            self._state = ECState.RELEASED
            self._keep()
        self._recover()
        self._life.touch()
        self._forget_hard(rms)
        return result

    def _recover(self) -> None:
        """Once every critical failure was released by hand, the rest may go on."""
        if self._fm.failure_level != FailureLevel.RM_FAILURE or not hasattr(self._fm, "recover"):
            return
        rms = self._life.resources.values()
        if not any(rm.state == ResourceState.FAILED and rm.get("critical") for rm in rms):
            self._fm.recover()
            self._life.resume()

    def _forget_hard(self, rms: list[ResourceManager]) -> None:
        for rm in rms:
            if rm.get("hardRelease") and rm.guid in self._life.resources:
                self.remove_resource(rm.guid)

    # -- tasks -----------------------------------------------------------------------------

    def schedule(
        self,
        date: "str | float | datetime | None",
        callback: Callable[[], object],
        track: bool = False,
    ) -> int:
        """Call *callback* without arguments on a worker at *date*; gives the task's id.

        *date*: a delay ("500ms", seconds), an aware datetime, or twenty digits. With *track* the
        task can be asked for by get_task. Raises BadValue.
        """
        self._check_alive()
        if date is None or date == 0 or date == "0s":
            delay = 0.0
        else:
            delay = seconds_until(date, self._scheduler.clock.date(self._scheduler.clock.now()))
        if not callable(callback):
            raise BadValue(f"'{callback}' cannot be called; give a function without arguments")
        return self._scheduler.schedule(delay, callback, track=track)

    def let_pass(
        self, seconds: float, begun: Callable[[Callable[[], None]], object] | None = None
    ) -> None:
        """Block while the experiment goes on; *begun* is given a function that ends it before."""
        self._check_alive()
        over = Event()
        if begun is not None:
            begun(over.set)
        self._scheduler.let_pass(seconds, over)

    def get_task(self, tid: int) -> Task | None:
        """A tracked task, or None."""
        return self._scheduler.tracked.get(tid)

    def cancel(self, tid: int) -> bool:
        """Take back a scheduled task; False when it began already, or never was."""
        return self._scheduler.cancel(tid)


def _end_of(rm: ResourceManager) -> str:
    if rm.state == ResourceState.FAILED:
        at = rm._stamps[ResourceState.FAILED] or 0.0
        return f"FAILED at {format_duration(round(at, 2))}: {rm.failure or 'no reason was given'}"
    return f"is {rm.state.name}"
