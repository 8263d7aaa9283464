"""The next useful step, from how the experiment is: one line for a person who does not know it."""

from collections.abc import Sequence

from nepishell.commands.context import Context
from nepishell.commands.job import Job
from nepishell.core.states import ResourceState
from nepishell.engine.snapshot import ResourceRow

NEW, READY, STARTED = ResourceState.NEW, ResourceState.READY, ResourceState.STARTED
STOPPED, FAILED, RELEASED = ResourceState.STOPPED, ResourceState.FAILED, ResourceState.RELEASED


def next_step(ctx: Context) -> str:
    """What a person could do now, and with which line; the most urgent thing only."""
    by_state: dict[ResourceState, list[ResourceRow]] = {}
    for row in ctx.ec.snapshot().resources:
        by_state.setdefault(row.state, []).append(row)
    if not by_state:
        return "nothing is described: 'source quickstart' plays an example, 'tour' explains it"
    if by_state.keys() == {RELEASED}:
        return "all is released: 'runs' lists what is kept of it, 'add' describes more"
    if FAILED in by_state:
        return _failed(ctx, by_state[FAILED])
    deploying = [job for job in ctx.jobs.running() if job.left]
    if deploying:
        return _deploying(ctx, deploying[-1])
    idle = [row for state in ResourceState if state < READY for row in by_state.get(state, ())]
    if idle:
        return f"{_are(ctx, idle)} not deployed: 'plan' says what 'deploy' would do"
    return _built(ctx, by_state)


def _failed(ctx: Context, failed: Sequence[ResourceRow]) -> str:
    return f"{_some(ctx, failed)} FAILED: 'why {ctx.name(failed[0].guid)}' says why"


def _deploying(ctx: Context, job: Job) -> str:
    left = job.guids
    waiting = f"'why {ctx.name(left[0])}' says what it waits for, " if left else ""
    return f"%{job.number} goes on: {waiting}'wait %{job.number}' waits for it"


def _built(ctx: Context, by_state: dict[ResourceState, list[ResourceRow]]) -> str:
    if READY in by_state:
        held = by_state[READY]
        name = ctx.name(held[0].guid)
        return f"{_are(ctx, held)} READY, not STARTED: 'why {name}' says what is missing"
    ended = [row for row in by_state.get(STOPPED, ()) if _records(ctx, row)]
    if ended:
        return f"{_some(ctx, ended)} ended: 'trace {ctx.name(ended[0].guid)}' says what is recorded"
    running = [row for row in by_state.get(STARTED, ()) if _records(ctx, row)]
    if running:
        name = ctx.name(running[0].guid)
        return f"{_are(ctx, running)} running: 'list', 'trace {name}', 'stop {name}', 'release'"
    return "all is up: 'list' shows it, 'add' describes more, 'release' takes it down"


def _records(ctx: Context, row: ResourceRow) -> bool:
    return any(ctx.ec.trace_enabled(row.guid, trace.name) for trace in ctx.ec.get_traces(row.guid))


def _are(ctx: Context, rows: Sequence[ResourceRow]) -> str:
    return f"{_some(ctx, rows)} {'is' if len(rows) == 1 else 'are'}"


def _some(ctx: Context, rows: Sequence[ResourceRow]) -> str:
    return ctx.name(rows[0].guid) if len(rows) == 1 else f"{len(rows)} resources"
