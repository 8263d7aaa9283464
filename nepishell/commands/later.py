"""Later: commands at a time, or again and again; what goes on by itself, and taking it back."""

from collections.abc import Callable
from threading import Lock

from nepishell.commands.context import Context
from nepishell.commands.going import doing, left_behind
from nepishell.commands.job import Progress
from nepishell.commands.journaling import planned
from nepishell.commands.notes import Note, names_of, note
from nepishell.core.errors import NepishellError
from nepishell.core.events import Event, ResourceRemoved, StateChanged
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.controller import ExperimentController
from nepishell.lang.call import Call
from nepishell.lang.registry import DESTROY, LOOK, RUN, command, commands
from nepishell.lang.types.quantities import Instant
from nepishell.output.records import Records

COLUMNS = (
    "task", "progress", "since:duration", "next:duration", "runs:int", "line", "waits for", "error",
)  # fmt: skip


@command("at <when:instant> <line:command>", effects=RUN, group="time")
def at(ctx: Context, *, when: Instant, line: Call) -> Note:
    """Run a command some time from now, or at a time on the experiment's clock.

    at 5s set wire loss 5%
    at t+1m stop load
    """
    now = ctx.ec.clock.now()
    delay = max(0.0, when.seconds - now) if when.absolute else when.seconds
    after = format_duration(round(delay, 3))
    spelt = ctx.spell(line)
    if is_refused(ctx, line, f"in {after}: {spelt}"):
        return note("nothing is planned")
    job = ctx.jobs.at(spelt, delay, ctx.later(line))
    planned(ctx, job, {"due": now + delay})
    return note(f"in {after}: {job.line} (task %{job.number})", task=job.number)


@command(
    "every <interval:duration> [times <times:int(1)>] [while <group:guids> <state>] <line:command>",
    effects=RUN,
    group="time",
)
def every(
    ctx: Context,
    *,
    interval: float,
    line: Call,
    times: int | None = None,
    group: tuple[int, ...] = (),
    state: ResourceState = ResourceState.STARTED,
) -> Note:
    """Run a command again and again, until it is cancelled, fails, or has run often enough.

    `while`: from when all of these resources are in a state until one of them is not any more.

    every 1s times 10 get wire loss
    every 500ms while probe STARTED get wire loss
    """
    if interval <= 0:
        raise NepishellError("an interval of 0 would never end; write one as in 1s")
    spelt = ctx.spell(line)
    period = format_duration(interval)
    among = f" while {ctx.names(group)} {state.name}" if group else ""
    if is_refused(ctx, line, f"every {period}{among}: {spelt}"):
        return note("nothing is planned")
    listen = Stay(ctx.ec, group, state).listen if group else None
    job = ctx.jobs.every(spelt, interval, ctx.later(line), times, listen)
    job.about = group
    if job.waits_on is not None:
        job.waits_on = lambda: f"{ctx.names(group)} to be {state.name}"
    often = {} if times is None else {"times": times}
    where: dict[str, float | str] = {"while": f"{ctx.names(group)} {state.name}"} if group else {}
    planned(ctx, job, {"interval": interval, "began": ctx.ec.clock.now(), **often, **where})
    return note(f"every {period}{among}: {job.line} (task %{job.number})", task=job.number)


class Stay:
    """From when all of *guids* are in *state* until one of them is not any more."""

    def __init__(
        self, ec: ExperimentController, guids: tuple[int, ...], state: ResourceState
    ) -> None:
        self._ec, self._state = ec, state
        self._lock = Lock()
        self._out = set(guids)
        self._guids = frozenset(guids)
        self._is_in = False
        self._begin: Callable[[], None] = lambda: None
        self._end: Callable[[], object] = lambda: None

    def listen(self, begin: Callable[[], None], end: Callable[[], object]) -> Callable[[], None]:
        """Call *begin* when it begins, *end* when it is over, or can begin no more."""
        self._begin, self._end = begin, end
        unsubscribe = self._ec.bus.subscribe(self._see)
        for guid in self._guids:
            self._look(guid, self._ec.state(guid))
        return unsubscribe

    def _see(self, event: Event) -> None:
        match event:
            case StateChanged(guid=guid, new=new) if guid in self._guids:
                self._look(guid, new)
            case ResourceRemoved(guid=guid) if guid in self._guids:
                self._end()

    def _look(self, guid: int, state: ResourceState) -> None:
        with self._lock:
            (self._out.discard if state is self._state else self._out.add)(guid)
            was_in, self._is_in = self._is_in, not self._out
            over = (was_in and bool(self._out)) or (
                state is ResourceState.RELEASED and state is not self._state
            )
            begins = self._is_in and not was_in
        if over:
            self._end()
        elif begins:
            self._begin()


def is_refused(ctx: Context, line: Call, plan: str) -> bool:
    """Whether the person does not want it: when its time comes, nobody is asked any more."""
    return destroys(line) and not ctx.confirm(f"{plan}?")


def destroys(call: Call) -> bool:
    """Whether *call*, or what it has done later, takes something away for good."""
    inner = [value for value in call.args.values() if isinstance(value, Call)]
    effects = commands.commands[call.command].effects
    return effects is DESTROY or any(destroys(each) for each in inner)


@command("cancel <tasks:task>...", effects=RUN, group="time")
def cancel(ctx: Context, *, tasks: tuple[int, ...]) -> Note:
    """Take back what was to come: commands for later, waits, programs, what a deployment has left.

    What a deployment has built already stays; it says what that is. Nothing is released.

    cancel %3
    """
    jobs = [ctx.jobs.find(number) for number in tasks]
    told: list[str] = []
    for job in jobs:
        if not ctx.jobs.cancel(job):
            progress = ctx.jobs.progress(job)
            why = "cannot be interrupted" if progress is Progress.RUNNING else (
                "nothing of it is left to cancel"
            )  # fmt: skip
            done = f"{'; '.join(told)}; but " if told else ""
            raise NepishellError(
                f"{done}task %{job.number} ({job.line}) is {progress.value}: {why}"
            )
        told.append(f"cancelled %{job.number} ({job.line}){left_behind(ctx, job)}")
    return note("\n".join(told), tasks=list(tasks))


@command("tasks", effects=LOOK, group="look", columns=names_of(COLUMNS))
def tasks(ctx: Context) -> Records:
    """What goes on by itself: since when, when it runs next, and what it waits for."""
    now = ctx.ec.clock.now()
    rows = [
        (
            f"%{job.number}",
            ctx.jobs.progress(job).value,
            round(job.began, 3),
            None if job.due is None or job.due < now else round(job.due - now, 3),
            job.runs,
            job.line,
            doing(ctx, job),
            job.error,
        )
        for job in ctx.jobs
    ]
    return Records(COLUMNS, rows, "tasks")
