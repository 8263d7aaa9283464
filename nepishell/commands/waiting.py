"""Waiting: for states, for a task, for time to pass. What cannot come about any more is an error.

A resource that failed without being critical does not end a wait for the others: it is told in
the answer, and the recipe goes on.
"""

from collections.abc import Iterable, Sequence
from threading import Event

from nepishell.commands.context import Context, WaitTimeout
from nepishell.commands.jobs import Job, Progress
from nepishell.commands.notes import Note, note
from nepishell.core.errors import NepishellError
from nepishell.core.events import StateChanged
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.waits import WaitResult
from nepishell.lang.registry import LOOK, command


@command("wait <targets:guids> <state> [timeout <timeout:duration>]", effects=LOOK, group="run")
def wait(
    ctx: Context,
    *,
    targets: tuple[int, ...],
    state: ResourceState,
    timeout: float | None = None,
) -> Note:
    """Wait until resources have reached a state; an error when they cannot, or in time.

    Ctrl-C ends the wait, never the experiment.

        wait probe STOPPED timeout 30s
    """
    began = ctx.ec.clock.now()
    reach(ctx, targets, state, timeout)
    took = format_duration(round(ctx.ec.clock.now() - began, 3))
    verb = "is" if len(targets) == 1 else "are"
    return note(f"{ctx.names(targets)} {verb} {state.name} (waited {took})", guids=list(targets))


def reach(
    ctx: Context, guids: Sequence[int], state: ResourceState, timeout: float | None
) -> WaitResult:
    """Wait for *guids*; raises WaitTimeout, or NepishellError with who failed and why."""
    with ctx.waiting():
        result = ctx.ec.wait(guids, state, timeout)
    if result.timed_out:
        raise WaitTimeout(result.reason)
    if not result.reached:
        raise NepishellError(result.reason)
    return result


def settle(
    ctx: Context, guids: Sequence[int], state: ResourceState, timeout: float | None
) -> tuple[int, ...]:
    """Like reach(), but failures of what is not critical are only returned."""
    with ctx.waiting():
        result = ctx.ec.wait(guids, state, timeout)
    if result.timed_out:
        raise WaitTimeout(result.reason)
    if result.aborted or any(ctx.rm(guid).get("critical") for guid in result.failed):
        raise NepishellError(result.reason)
    return result.failed


def unheld(ctx: Context, guids: Iterable[int]) -> list[int]:
    """Those of *guids* whose start waits for no condition, nor for a neighbour that does."""
    held: dict[int, bool] = {}

    def is_held(guid: int) -> bool:
        if guid not in held:
            held[guid] = False  # a circle of neighbours holds nobody
            rm = ctx.rm(guid)
            needed = [peer for peer in rm._peers if ResourceAction.START in peer.needs]
            held[guid] = any(c.action is ResourceAction.START for c in rm.conditions) or any(
                is_held(other.guid) for peer in needed for other in rm.get_peers(peer)
            )
        return held[guid]

    return [guid for guid in guids if not is_held(guid)]


class Restart:
    """Sees resources become STARTED although they were STARTED before: a wait would not.

    Subscribe first, then start: `with Restart(ctx, guids) as restart: ...; restart.wait()`.
    """

    def __init__(self, ctx: Context, guids: Iterable[int]) -> None:
        self._ctx = ctx
        self._left = set(guids)
        self._failed: list[str] = []
        self._over = Event()

    def __enter__(self) -> "Restart":
        self._unsubscribe = self._ctx.ec.bus.subscribe(self._see)
        return self

    def __exit__(self, *exc: object) -> None:
        self._unsubscribe()

    def _see(self, event: object) -> None:
        if not isinstance(event, StateChanged) or event.guid not in self._left:
            return
        if event.new is ResourceState.STARTED:
            self._left.discard(event.guid)
        elif event.new >= ResourceState.FAILED:
            self._left.discard(event.guid)
            self._failed.append(f"{self._ctx.name(event.guid)} {event.new.name}: {event.reason}")
        if not self._left:
            self._over.set()

    def wait(self, timeout: float | None) -> None:
        """Block until all are STARTED; raises WaitTimeout, or NepishellError when one failed."""
        with self._ctx.waiting():
            if self._left and not self._over.wait(timeout):
                raise WaitTimeout(f"{self._ctx.names(sorted(self._left))} did not start in time")
        if self._failed:
            raise NepishellError("; ".join(self._failed))


@command("wait <task> [timeout <timeout:duration>]", effects=LOOK, group="run", name="wait task")
def wait_task(ctx: Context, *, task: int, timeout: float | None = None) -> Note:
    """Wait until a task has ended."""
    job = ctx.jobs.find(task)
    if job.guids:
        reach(ctx, job.guids, job.goal, timeout)
    else:
        with ctx.waiting():
            if not job.ended.wait(timeout):
                after = format_duration(timeout or 0.0)
                raise WaitTimeout(f"task %{task} ({job.line}) has not ended after {after}")
    return _ended(ctx, job)


def _ended(ctx: Context, job: Job) -> Note:
    progress = ctx.jobs.progress(job)
    if progress is Progress.FAILED:
        raise NepishellError(f"task %{job.number} ({job.line}) failed: {job.error}")
    return note(f"task %{job.number} is {progress.value}", task=job.number)


@command("wait <span>", effects=LOOK, group="run", name="wait time")
def wait_time(ctx: Context, *, span: float) -> Note:
    """Let time pass: the experiment goes on meanwhile.

    wait 5s
    """
    passed = Event()
    task = ctx.ec.schedule(span, passed.set)
    try:
        with ctx.waiting():
            passed.wait()
    finally:
        ctx.ec.cancel(task)
    return note(f"{format_duration(span)} passed")
