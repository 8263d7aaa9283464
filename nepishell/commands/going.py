"""What goes on, in words: what a task waits for now, what a cancelled deployment left behind."""

from collections.abc import Sequence

from nepishell.commands.context import Context
from nepishell.commands.job import ENDED, Job
from nepishell.commands.why import say
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.reasons import reasons

#: Resources whose reasons are told one by one.
TOLD = 2


def doing(ctx: Context, job: Job) -> str:
    """What *job* waits for now; '' when it has ended, or has not begun."""
    if ctx.jobs.progress(job) in ENDED:
        return ""
    if job.left and job.goal is not None:
        return awaited(ctx, job.guids, job.goal)
    waits_on = job.waits_on
    if waits_on is not None:
        return waits_on()
    if job.due is not None and job.due > ctx.ec.clock.now():
        return ""
    ran = format_duration(round(ctx.ec.clock.now() - (job.due or job.began), 1))
    facts = [fact for guid in job.acts_on for fact in reasons(ctx.ec, guid)[:1]]
    busy = [f"{ctx.name(fact.guid)}: {say(ctx, fact)}" for fact in facts[:TOLD]]
    return "; ".join([f"runs for {ran}", *busy])


def awaited(ctx: Context, guids: Sequence[int], goal: ResourceState) -> str:
    """Who of *guids* has not come to *goal*, and why: the first ones in full."""
    there = [guid for guid in guids if ctx.ec.get_resource(guid) is not None]
    told = []
    for guid in there[:TOLD]:
        facts = reasons(ctx.ec, guid)
        why = say(ctx, facts[0]) if facts else "nothing holds it back"
        told.append(f"{ctx.name(guid)}: {why}")
    rest = there[TOLD:]
    if rest:
        told.append(f"{ctx.names(rest)} not {goal.name} yet")
    return "; ".join(told)


def left_behind(ctx: Context, job: Job) -> str:
    """What a cancelled deployment did, and what of it remains."""
    off = job.called_off
    if off is None:
        return ""
    parts = (
        (off.withdrawn, "not begun"),
        (off.finishing, "still being built, and not started then"),
        (off.ready, "READY and not started"),
        (off.begun, "left as it is"),
    )
    told = [f"{ctx.names(guids)} {what}" for guids, what in parts if guids]
    back = "; 'release' takes down what is built" if off.ready or off.finishing else ""
    return f": {', '.join(told)}{back}" if told else ""
