"""Later: commands at a time, or again and again; what goes on by itself, and taking it back."""

from nepishell.commands.context import Context
from nepishell.commands.jobs import Job
from nepishell.commands.notes import Note, names_of, note
from nepishell.core.errors import NepishellError
from nepishell.core.units import format_duration
from nepishell.lang.call import Call
from nepishell.lang.registry import LOOK, RUN, command
from nepishell.lang.types.quantities import Instant
from nepishell.output.records import Records

COLUMNS = ("task", "progress", "next:duration", "runs:int", "line", "error")


@command("at <when:instant> <line:command>", effects=RUN, group="time")
def at(ctx: Context, *, when: Instant, line: Call) -> Note:
    """Run a command some time from now, or at a time on the experiment's clock.

    at 5s set wire loss 5%
    at t+1m stop load
    """
    now = ctx.ec.clock.now()
    delay = max(0.0, when.seconds - now) if when.absolute else when.seconds
    job = ctx.jobs.at(ctx.spell(line), delay, ctx.later(line))
    after = format_duration(round(delay, 3))
    return note(f"in {after}: {job.line} (task %{job.number})", task=job.number)


@command(
    "every <interval:duration> [times <times:int(1)>] <line:command>", effects=RUN, group="time"
)
def every(ctx: Context, *, interval: float, line: Call, times: int | None = None) -> Note:
    """Run a command again and again, until it is cancelled, fails, or has run often enough.

    every 1s times 10 get wire loss
    """
    if interval <= 0:
        raise NepishellError("an interval of 0 would never end; write one as in 1s")
    job = ctx.jobs.every(ctx.spell(line), interval, ctx.later(line), times)
    return note(
        f"every {format_duration(interval)}: {job.line} (task %{job.number})", task=job.number
    )


@command("cancel <tasks:task>...", effects=RUN, group="time")
def cancel(ctx: Context, *, tasks: tuple[int, ...]) -> Note:
    """Take back commands that were to come; one that runs already is not interrupted."""
    jobs = [ctx.jobs.find(number) for number in tasks]
    for job in jobs:
        if not ctx.jobs.cancel(job):
            raise NepishellError(f"task %{job.number} ({job.line}) {_why_not(ctx, job)}")
    return note("cancelled " + ", ".join(f"%{job.number}" for job in jobs), tasks=list(tasks))


def _why_not(ctx: Context, job: Job) -> str:
    progress = ctx.jobs.progress(job)
    if job.guids:
        return f"is {progress.value}: a deployment is taken back by 'release'"
    return f"is {progress.value}: nothing of it is left to cancel"


@command("tasks", effects=LOOK, group="look", columns=names_of(COLUMNS))
def tasks(ctx: Context) -> Records:
    """What goes on by itself: actions begun at the prompt, and commands for later."""
    now = ctx.ec.clock.now()
    rows = [
        (
            f"%{job.number}",
            ctx.jobs.progress(job).value,
            None if job.due is None or job.due < now else round(job.due - now, 3),
            job.runs,
            job.line,
            job.error,
        )
        for job in ctx.jobs
    ]
    return Records(
        ("task", "progress", "next:duration", "runs:int", "line", "error"), rows, "tasks"
    )
