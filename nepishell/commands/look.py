"""Looking: list, show, types, status, groups, log. Nothing changes by these."""

from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from nepishell.commands.context import Context
from nepishell.commands.design import show_value
from nepishell.commands.notes import Output, names_of
from nepishell.commands.type_manual import MEMBERS, manual, members
from nepishell.core.conditions import Condition
from nepishell.core.errors import UnknownName
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.fidelity import Doubt
from nepishell.engine.resource import ResourceManager
from nepishell.lang.registry import LOOK, command
from nepishell.output.records import Record, Records

LIST = ("guid:int", "label", "rtype", "state:state", "with", "reason")
LOG = ("at:duration", "label", "from:state", "to:state", "reason")
GROUPS = ("group:int", "resources", "states")
TYPES = ("rtype", "help")


@command("list [<targets:guids>]", effects=LOOK, group="look", columns=names_of(LIST))
def list_(ctx: Context, *, targets: tuple[int, ...] = ()) -> Records:
    """The resources, their states, and what they are connected with."""
    rows = [
        (
            rm.guid,
            rm.label,
            rm.rtype,
            rm.state,
            ctx.names(sorted(rm.connections)),
            rm.failure or rm.concern,
        )
        for rm in (ctx.rm(guid) for guid in targets or ctx.ec.resources)
    ]
    return Records(LIST, rows, "resources")


@command("show <res:guid>", effects=LOOK, group="look")
def show(ctx: Context, *, res: int) -> Record:
    """All about one resource."""
    rm = ctx.rm(res)
    return Record(
        {
            "guid": res,
            "label": rm.label,
            "rtype": rm.rtype,
            "help": rm.get_help(),
            "state": rm.state,
            "reason": rm.failure or rm.concern,
            "group": rm.deployment_group,
            "with": [ctx.name(guid) for guid in rm.connections],
            "conditions": [_spelled(ctx, condition) for condition in rm.conditions],
            "waits_for": list(_waits_for(ctx, res)),
            "traces": [trace.name for trace in ctx.ec.get_traces(res)],
            "attributes": list(_changed(ctx, rm)),
            "times": [f"{move.new.name}@{format_duration(round(move.at, 3))}"
                      for move in ctx.ec.story(res)],
        },
        title=ctx.name(res),
    )  # fmt: skip


def _changed(ctx: Context, rm: ResourceManager) -> Iterator[str]:
    """The attributes that are not as the type declares them; `get` shows all."""
    for name, declared in sorted(rm._attributes.items()):
        if rm.get(name) != declared.default:
            yield f"{name}={show_value(ctx, rm.guid, name)}"


def _spelled(ctx: Context, condition: Condition) -> str:
    after = f" +{format_duration(condition.delay)}" if condition.delay else ""
    what = condition.action.name.lower()
    return f"{what} after {ctx.names(condition.group)} {condition.state.name}{after}"


def _waits_for(ctx: Context, guid: int) -> Iterator[str]:
    for action, points, due in ctx.ec.waiting_for(guid):
        what = action.name.lower() if action is not None else "set"
        missing = ", ".join(f"{ctx.name(p.guid)} {p.state.name}" for p in points)
        after = missing or f"until {format_duration(round(due, 3))}"
        yield f"{what} after {after}"


@command("types [<rtype>]", effects=LOOK, group="look", columns=(*TYPES, *MEMBERS))
def types(ctx: Context, *, rtype: str = "") -> Records | Output:
    """The resource types there are, or the manual of one of them.

    types
    types linux::Ping
    """
    if rtype:
        rclass = ResourceFactory.find(rtype)
        return Output(manual(rclass), Records(MEMBERS, members(rclass), f"members of {rtype}"),
                      prose=True)  # fmt: skip
    rows = [(name, _help_of(name)) for name in ResourceFactory.rtypes()]
    return Records(TYPES, rows, "types")


def _help_of(rtype: str) -> str:
    return ResourceFactory.find(rtype).get_help()


@command("status", effects=LOOK, group="look")
def status(ctx: Context) -> Record:
    """How the experiment is, in a few lines."""
    snapshot = ctx.ec.snapshot()
    counts = Counter(row.state for row in snapshot.resources)
    return Record(
        {
            "experiment": ctx.ec.exp_id,
            "run": ctx.ec.run_id,
            "folder": str(ctx.ec.run_dir),
            "controller": snapshot.ecstate.name if ctx.opened is None else "over: only looked at",
            "failure_level": snapshot.failure_level.name,
            "clock": round(ctx.ec.clock.now(), 3),
            "seed": ctx.ec.seed,
            "resources": len(snapshot.resources),
            "states": [f"{counts[s]} {s.name}" for s in ResourceState if counts[s]],
            "tasks": len(ctx.jobs.running()),
            "doubts": [_doubt(ctx, doubt) for doubt in ctx.ec.fidelity.doubts],
        },
        {"clock": "duration"},
        "status",
    )


def _doubt(ctx: Context, doubt: Doubt) -> str:
    return f"{ctx.name(doubt.guid)}: {doubt}" if doubt.guid else str(doubt)


@command("groups", effects=LOOK, group="look", columns=names_of(GROUPS))
def groups(ctx: Context) -> Records:
    """Deployments: which resources were deployed together."""
    members: dict[int, list[int]] = {}
    states: dict[int, Counter[ResourceState]] = {}
    for row in ctx.ec.snapshot().resources:
        if row.group:
            members.setdefault(row.group, []).append(row.guid)
            states.setdefault(row.group, Counter())[row.state] += 1
    rows = [
        (number, ctx.names(members[number]), _counted(states[number])) for number in sorted(members)
    ]
    return Records(GROUPS, rows, "groups")


def _counted(counts: Counter[ResourceState]) -> str:
    return ", ".join(f"{counts[state]} {state.name}" for state in sorted(counts))


@command(
    "log [<targets:guids>] [last <count:int(1)>]",
    effects=LOOK,
    group="look",
    columns=names_of(LOG),
)
def log(ctx: Context, *, targets: tuple[int, ...] = (), count: int = 0) -> Records:
    """What happened to resources, in order: which state, when, and why it failed; and marks."""
    moves = [move for guid in targets or ctx.ec.resources for move in ctx.ec.story(guid)]
    rows: list[tuple[object, ...]] = [
        (move.at, ctx.name(move.guid), move.old, move.new, move.reason) for move in moves
    ]
    if not targets:
        rows += [(at, "", None, None, f"mark: {text}") for at, text in ctx.ec.marks]
    rows.sort(key=itemgetter(0))
    rows = [(round(at, 3), *rest) for at, *rest in rows[-count:]]  # type: ignore[call-overload]
    if not rows and targets:
        raise UnknownName(f"nothing has happened to {ctx.names(targets)} yet")
    return Records(LOG, rows, "moves")
