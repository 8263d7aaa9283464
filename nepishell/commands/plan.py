"""Plan: what would happen, in order, and why then. Nothing is touched."""

from collections.abc import Iterable, Sequence

from nepishell.commands.context import Context
from nepishell.commands.estimates import Experience
from nepishell.commands.notes import names_of
from nepishell.commands.why import say
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.causes import Step
from nepishell.engine.reasons import Fact, Kind
from nepishell.engine.rehearsal import Rehearsal, rehearse
from nepishell.lang.registry import LOOK, command
from nepishell.output.cells import wrapped
from nepishell.output.records import Drawing, Records
from nepishell.output.render import render
from nepishell.output.style import Style

COLUMNS = ("at:duration", "resources", "becomes:state", "because", "takes:duration")
_NEVER = "never"


@command(
    "plan [deploy [<targets:guids(NEW)>] [start:alone|together]]",
    effects=LOOK,
    group="look",
    columns=names_of(COLUMNS),
)
def plan(ctx: Context, *, targets: tuple[int, ...] = (), start: str = "together") -> Drawing:
    """What would happen if all that is new (or what is named) were deployed now. Nothing is done.

    Moves in order, in seconds from now, with what each waits for; what is deployed already goes
    on in it. Lines planned by `at` and `every` stand at their time; what they would change is not
    counted on. Times are learnt from this run, or usual ones; what is not known counts as 0.

    plan
    plan deploy h1,h2
    """
    chosen = targets or tuple(
        row.guid
        for row in ctx.ec.snapshot().resources
        if row.state < ResourceState.READY and not row.group
    )
    found = rehearse(ctx.ec, chosen, Experience(ctx.ec), together=start == "together")
    moves, never = list(_moves(ctx, found)), list(_never(ctx, found))
    # sorted() is stable: what is planned for a moment comes after what happens in it
    moves = sorted([*moves, *_planned(ctx, found.began)], key=lambda row: float(str(row[0])))
    shown = Records(COLUMNS, moves)
    notes = [f"{names} {_plain(what)}: {why}" for _, names, what, why, _ in never]
    notes += _notes(ctx, found)
    return Drawing(
        Records(COLUMNS, [*moves, *never], "moves to come"),
        lambda style: _draw(shown, notes, style),
    )


def _plain(what: object) -> str:
    return (
        f"would {what}" if what == _NEVER else f"would {_NEVER} be {str(what)[len(_NEVER) + 1 :]}"
    )


def _moves(ctx: Context, found: Rehearsal) -> Iterable[tuple[object, ...]]:
    """One row for all that become the same at the same time for the same reason."""
    alike: dict[tuple[float, Step], list[Step]] = {}
    for step in found.steps:
        at = round(step.at - found.began, 3)
        alike.setdefault((at, step._replace(at=0, guid=0, guids=(), takes=None)), []).append(step)
    for (at, like), steps in alike.items():
        takes = [step.takes for step in steps if step.takes is not None]
        names = ctx.names([step.guid for step in steps])
        longest = round(max(takes), 3) if takes else None
        becomes = like.text if like.because is Kind.SETTING else like.new
        yield at, names, becomes, _because(ctx, steps), longest


def _planned(ctx: Context, now: float) -> Iterable[tuple[object, ...]]:
    """One row for each line that was planned by `at`, and for the next time of one by `every`."""
    for job in ctx.jobs.running():
        if job.due is not None and job.due > now:
            again = f", every {format_duration(job.interval)}" if job.interval else ""
            yield (
                round(job.due - now, 3),
                f"%{job.number}",
                job.line,
                f"it was planned{again}",
                None,
            )


def _because(ctx: Context, steps: Sequence[Step]) -> str:
    first = steps[0]
    others = ctx.names(list(dict.fromkeys(guid for step in steps for guid in step.guids)))
    state = first.state.name if first.state is not None else ""
    after = f" +{format_duration(first.delay)}" if first.delay else ""
    match first.because:
        case Kind.PEER:
            return f"needs {others} {state}"
        case Kind.CONDITION | Kind.SETTING:
            return f"when {others} {state}{after}"
        case Kind.BARRIER:
            return f"all {state}, last {others}" if others else f"all {state}"
        case Kind.RUNNING:
            return f"it runs {format_duration(round(first.delay, 3))}" if first.delay else "it ends"
        case Kind.FAILED:
            return first.text
        case Kind.RELEASING:
            return "its release was asked for"
    return "nothing holds it back"


def _never(ctx: Context, found: Rehearsal) -> Iterable[tuple[object, ...]]:
    for guid, why in found.refused.items():
        yield None, ctx.name(guid), f"{_NEVER} deployed", why, None
    same: dict[tuple[str, str], list[int]] = {}
    for fact in found.stuck:
        same.setdefault((_refused(fact), _waits(ctx, fact, found)), []).append(fact.guid)
    for (what, why), guids in same.items():
        yield None, ctx.names(guids), what, why, None


def _refused(fact: Fact) -> str:
    goals = ("READY", "STARTED", "STOPPED")
    if fact.kind is Kind.SETTING:
        return f"{_NEVER} set"
    return f"{_NEVER} {goals[fact.action]}" if fact.action is not None else _NEVER


def _waits(ctx: Context, fact: Fact, found: Rehearsal) -> str:
    text = say(ctx, fact)
    if fact.kind not in (Kind.CONDITION, Kind.SETTING):
        return text
    moved = {step.guid for step in found.steps}
    idle = [guid for guid in fact.guids if guid not in moved and not ctx.rm(guid).deployment_group]
    if idle:
        return f"{text}, and nobody deploys {ctx.names(idle)}"
    alive = [guid for guid in fact.guids if _would_run(ctx, guid, found)]
    if fact.state is ResourceState.STOPPED and alive:
        return f"{text}, and nothing says how long {ctx.names(alive)} would run"
    return text


def _would_run(ctx: Context, guid: int, found: Rehearsal) -> bool:
    started = ResourceState.STARTED
    begins = any(step.guid == guid and step.new is started for step in found.steps)
    return begins or ctx.ec.state(guid) is started


def _notes(ctx: Context, found: Rehearsal) -> Iterable[str]:
    """What a reader should know besides."""
    if found.refused:
        names = ctx.names(list(found.refused))
        yield f"deploy would refuse: {names} cannot be deployed; the plan is without"
    unknown: dict[str, set[ResourceState]] = {}
    for step in found.steps:
        if step.takes is None and step.new <= ResourceState.STARTED:
            unknown.setdefault(ctx.rm(step.guid).rtype, set()).add(step.new)
    if unknown:
        what = ", ".join(sorted(unknown))
        yield f"how long hooks of {what} take is not known yet: counted as 0"


def _draw(moves: Records, notes: Sequence[str], style: Style) -> str:
    lines = [render(moves, "table", style)] if moves.rows else []
    lines += [wrapped(note, "", style) for note in notes]
    return "\n".join(lines) or style.paint("nothing is left to happen", "dim")
