"""Why: what a resource waits for, step by step, and what would help next."""

from collections.abc import Iterator

from nepishell.commands.context import Context
from nepishell.commands.notes import names_of
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.reasons import Fact, Kind, chain
from nepishell.lang.registry import LOOK, command
from nepishell.output.cells import LEAST, cut, width, wrapped
from nepishell.output.kinds import clean
from nepishell.output.records import Drawing, Records
from nepishell.output.style import Style

COLUMNS = ("step:int", "resource", "state:state", "why", "since:duration", "next")

#: Their time is to come.
_AHEAD = (Kind.DUE, Kind.SETTING)
#: How the text of a step begins, by whether glyphs can be shown.
_BRANCH = {True: "└ ", False: "- "}


@command("why <res:guid>", effects=LOOK, group="look", columns=names_of(COLUMNS))
def why(ctx: Context, *, res: int) -> Drawing:
    """Why a resource is in its state, what it waits for, and what would help next.

    Those it waits for are followed a few steps. Times are on the clock of the experiment.

    why probe
    why probe | json
    """
    return explained(ctx, res, over=ctx.opened is not None)


def explained(ctx: Context, res: int, *, over: bool = False) -> Drawing:
    """The facts about *res*, and what would help next, unless it is *over*."""
    facts = chain(ctx.ec, res)
    rows = [_row(ctx, fact, over=over) for fact in facts]
    records = Records(COLUMNS, [*rows, *_awaited_by_tasks(ctx, res)], "facts")
    return Drawing(records, lambda style: _tree(records, style))


def _awaited_by_tasks(ctx: Context, res: int) -> Iterator[tuple[object, ...]]:
    """What tasks will do with *res*, or because of it, once something has come."""
    for job in ctx.jobs:
        waits_on = job.waits_on
        if res in job.about and waits_on is not None:
            text = f"'{job.line}' waits for {waits_on()}"
            yield (0, ctx.name(res), ctx.ec.state(res), text, round(job.began, 3),
                   f"cancel %{job.number}")  # fmt: skip


def _row(ctx: Context, fact: Fact, *, over: bool) -> tuple[object, ...]:
    since = round(fact.at, 3) if fact.at is not None and fact.kind not in _AHEAD else None
    return (
        fact.depth,
        ctx.name(fact.guid),
        ctx.ec.state(fact.guid),
        say(ctx, fact),
        since,
        "" if over else advise(ctx, fact),
    )


def say(ctx: Context, fact: Fact) -> str:
    """A fact as the end of a sentence that begins with the resource's name."""
    action = fact.action.name.lower() if fact.action is not None else ""
    others = ctx.names([guid for guid in fact.guids if ctx.ec.get_resource(guid)])
    goal = fact.state.name if fact.state is not None else ""
    match fact.kind:
        case Kind.UNDEPLOYED:
            return f"nobody deployed it{_lack(ctx, fact.guid)}"
        case Kind.ABORTED:
            return f"the run is aborted{_by(others, fact.text)}: nothing starts by itself"
        case Kind.HOOK:
            return f"{fact.text} runs, for {_ago(ctx, fact)}"
        case Kind.LATER:
            return f"{fact.text} was called {_ago(ctx, fact)} ago: {goal} has not come about yet"
        case Kind.QUEUED:
            return "its next step waits for a free worker"
        case Kind.PEER:
            return f"{action} needs {others} to be {goal}"
        case Kind.CONDITION:
            return f"{action} waits for {others} to be {goal}{_delay(ctx, fact)}"
        case Kind.DUE:
            return f"{action} comes in {_left(ctx, fact)}: all it waited for is met"
        case Kind.SETTING if goal:
            return f"{fact.text} once {others} {'is' if len(fact.guids) == 1 else 'are'} {goal}"
        case Kind.SETTING:
            return f"{fact.text} comes in {_left(ctx, fact)}"
        case Kind.BARRIER:
            return f"{action} waits until all of its deployment are {goal}: {others} not yet"
    return _say_state(ctx, fact, others)


def _say_state(ctx: Context, fact: Fact, others: str) -> str:
    match fact.kind:
        case Kind.FREE:
            return "nothing holds it back, and nothing started it"
        case Kind.RUNNING:
            return f"it runs, for {_ago(ctx, fact)}{f'; {fact.text}' if fact.text else ''}"
        case Kind.STOPPED:
            return f"it ended {_ago(ctx, fact)} ago"
        case Kind.FAILED:
            return f"it failed {_ago(ctx, fact)} ago: {fact.text or 'it gave no reason'}"
        case Kind.RELEASING:
            return f"it is being released{f', after {others}' if others else ''}"
    failed = f", after it had failed: {fact.text}" if fact.text else ""
    return f"it was released {_ago(ctx, fact)} ago{failed}"


def _ago(ctx: Context, fact: Fact) -> str:
    return format_duration(round(max(0.0, ctx.ec.clock.now() - (fact.at or 0.0)), 1))


def _left(ctx: Context, fact: Fact) -> str:
    left = max(0.0, (fact.at or 0.0) - ctx.ec.clock.now())
    return format_duration(round(left, 3))


def _by(others: str, reason: str) -> str:
    return f" by the failure of {others} ({reason})" if others else ""


def _delay(ctx: Context, fact: Fact) -> str:
    delays = [
        condition.delay
        for condition in ctx.ec.conditions(fact.guid)
        if condition.action is fact.action
        and condition.state is fact.state
        and not set(condition.group).isdisjoint(fact.guids)
    ]
    longest = max(delays, default=0.0)
    return f" for {format_duration(longest)}" if longest else ""


def _lack(ctx: Context, guid: int) -> str:
    """What keeps a resource from being deployed, if anything does."""
    try:
        ctx.ec.check_deployable(guid)
    except NepishellError as problem:
        return f", nor can it be: {problem}"
    return ""


def advise(ctx: Context, fact: Fact) -> str:
    """The line that would help next, or ''."""
    name = ctx.name(fact.guid)
    match fact.kind:
        case Kind.UNDEPLOYED:
            return "" if _lack(ctx, fact.guid) else f"deploy {name}"
        case Kind.ABORTED:
            return f"release {ctx.names(fact.guids)}" if fact.guids else ""
        case Kind.FREE if fact.action is ResourceAction.START:
            return f"start {name}"
        case Kind.CONDITION if ctx.ec.state(fact.guid) is ResourceState.READY:
            return f"start {name}"
        case Kind.STOPPED:
            return f"start {name}"
        case Kind.RUNNING:
            return f"stop {name}"
        case Kind.FAILED:
            return f"release {name}"
    return ""


def _tree(records: Records, style: Style) -> str:
    lines = []
    last = None
    for step, name, state, text, _, advice in records.rows:
        assert isinstance(step, int)
        assert isinstance(state, ResourceState)
        indent = "  " * (step - 1) + _BRANCH[style.glyphs] if step else ""
        if (step, name) != last:
            painted = style.paint(style.state(state), state.name)
            who = clean(str(name))
            if style.width:
                room = style.width - width(indent) - width(style.state(state)) - 1
                who = cut(who, max(LEAST, room), "…" if style.glyphs else "~")
            lines.append(f"{indent}{who} {painted}")
        last = step, name
        inner = "  " * (step + 1)
        lines.append(wrapped(str(text), inner, style))
        if advice:
            lines.append(style.paint(wrapped(f"next: {advice}", inner, style), "dim"))
    return "\n".join(lines)
