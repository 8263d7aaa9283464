"""Waiting: for states, for a task, for time to pass. What cannot come about any more is an error.

A resource that failed without being critical does not end a wait for the others: it is told in
the answer, and the recipe goes on.
"""

from collections.abc import Iterable, Sequence
from threading import Event

# its types must be known before the commands that use them are declared
from nepishell.commands import argument_types  # noqa: F401
from nepishell.commands.context import Context, WaitTimeout
from nepishell.commands.job import Job, Progress
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
    timeout = _let_act(ctx, targets, timeout)
    reach(ctx, targets, state, timeout)
    took = format_duration(round(ctx.ec.clock.now() - began, 3))
    verb = "is" if len(targets) == 1 else "are"
    return note(f"{ctx.names(targets)} {verb} {state.name} (waited {took})", guids=list(targets))


def _let_act(ctx: Context, targets: Sequence[int], timeout: float | None) -> float | None:
    """Let actions that were begun before on *targets* end; what is left of *timeout*.

    Until then a resource may still be in the state that it is about to leave.
    """
    began = ctx.ec.clock.now()
    for job in ctx.jobs.running():
        if not job.acts_on or set(targets).isdisjoint(job.acts_on):
            continue
        _await(ctx, job, timeout)
        if timeout is not None:
            timeout = max(0.0, timeout - (ctx.ec.clock.now() - began))
    return timeout


def reach(
    ctx: Context, guids: Sequence[int], state: ResourceState, timeout: float | None
) -> WaitResult:
    """Wait for *guids*; raises WaitTimeout, or NepishellError with who failed and why."""
    result = _wait(ctx, guids, state, timeout)
    if not result.reached:
        raise NepishellError(result.reason)
    return result


def settle(
    ctx: Context, guids: Sequence[int], state: ResourceState, timeout: float | None
) -> tuple[int, ...]:
    """Like reach(), but failures of what is not critical are only returned."""
    result = _wait(ctx, guids, state, timeout)
    if result.aborted or any(ctx.rm(guid).get("critical") for guid in result.failed):
        raise NepishellError(result.reason)
    return result.failed


def _wait(
    ctx: Context, guids: Sequence[int], state: ResourceState, timeout: float | None
) -> WaitResult:
    """Raises WaitTimeout, and Cancelled in a task that is cancelled."""
    with ctx.waiting():
        result = ctx.ec.wait(guids, state, timeout, begun=ctx.jobs.interruptible)
    ctx.jobs.check()
    if result.timed_out:
        raise WaitTimeout(result.reason)
    return result


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
        self._ctx.jobs.interruptible(self._over.set)
        with self._ctx.waiting():
            if self._left and not self._over.wait(timeout):
                raise WaitTimeout(f"{self._ctx.names(sorted(self._left))} did not start in time")
        self._ctx.jobs.check()
        if self._failed:
            raise NepishellError("; ".join(self._failed))


@command("wait <task> [timeout <timeout:duration>]", effects=LOOK, group="run", name="wait task")
def wait_task(ctx: Context, *, task: int, timeout: float | None = None) -> Note:
    """Wait until a task has ended."""
    job = ctx.jobs.find(task)
    if job.left and job.goal is not None:
        # it sees more: that nobody is left who could bring them there
        reach(ctx, tuple(job.left), job.goal, timeout)
    _await(ctx, job, timeout)
    return _ended(ctx, job)


def _await(ctx: Context, job: Job, timeout: float | None) -> None:
    """Block until *job* has ended; raises WaitTimeout."""
    over = Event()
    ctx.jobs.when_over(job, over.set)
    ctx.jobs.interruptible(over.set)
    with ctx.waiting():
        in_time = over.wait(timeout)
    ctx.jobs.check()
    if not in_time:
        after = format_duration(timeout or 0.0)
        raise WaitTimeout(f"task %{job.number} ({job.line}) has not ended after {after}")


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
    with ctx.waiting():
        ctx.ec.let_pass(span, begun=ctx.jobs.interruptible)
    ctx.jobs.check()
    return note(f"{format_duration(span)} passed")
