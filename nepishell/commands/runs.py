"""Runs on this machine, this one and others: which there are, what happened in them."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# its types must be known before the commands that use them are declared
from nepishell.commands import argument_types  # noqa: F401
from nepishell.commands.context import Context
from nepishell.commands.notes import Note, names_of, tell
from nepishell.core.errors import NepishellError, UnknownName
from nepishell.core.events import Event, StateChanged
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.controller import default_local_dir
from nepishell.journal import runs as kept
from nepishell.journal.comparing import compare
from nepishell.journal.door import greeting_of
from nepishell.journal.reading import verify
from nepishell.journal.runs import Fate, Run
from nepishell.journal.world import Past, World, before_release, fold
from nepishell.lang.registry import LOOK, command
from nepishell.lang.types.quantities import Instant
from nepishell.output.records import Records

RUNS = ("run", "experiment", "is:text", "served", "age:duration", "size:size", "problem")
STORY = ("at:duration", "resource", "what", "reason")
THEN = ("guid:int", "label", "rtype", "state:state", "with", "reason")
DIFFERENCES = ("resource", "what", "before", "after")


@command("runs [<experiment:text>]", effects=LOOK, group="journal", columns=names_of(RUNS))
def runs_(ctx: Context, *, experiment: str = "") -> Records:
    """The runs kept on this machine: running, ended, or orphaned by a controller that was killed.

    runs | where is=orphaned
    """
    return list_runs(ctx.ec.local_dir, experiment)


def list_runs(local_dir: Path | None = None, experiment: str = "") -> Records:
    """The runs in *local_dir*, as `runs` and `nepishell runs` show them."""
    now = time.time()
    found = kept.runs(local_dir or default_local_dir())
    rows = [
        (
            run.run_id,
            run.exp_id,
            run.fate.value,
            _served(run),
            round(_age(run, now)),
            run.size,
            run.problem or _suspect(run),
        )
        for run in found
        if experiment in ("", run.exp_id)
    ]
    return Records(RUNS, rows, "runs")


def _served(run: Run) -> str:
    """Whether others may come in, and how many terminals are there."""
    greeting = greeting_of(run.path) if run.fate is Fate.RUNNING else None
    if greeting is None:
        return ""
    return f"{greeting.attached} attached" if greeting.attached else "served"


def _suspect(run: Run) -> str:
    more = f"; and {len(run.doubts) - 1} more" if len(run.doubts) > 1 else ""
    return f"suspect: {run.doubts[0]}{more}" if run.doubts else ""


def _age(run: Run, now: float) -> float:
    return max(0.0, now - run.journal.stat().st_mtime)


@command("journal verify [<run>]", effects=LOOK, group="journal")
def journal_verify(ctx: Context, *, run: str = "") -> Note:
    """Check that the journal of a run (default: this one) is as it was written, line by line."""
    found = run_of(ctx, run)
    verdict = verify(found.journal)
    if verdict.fault:
        raise NepishellError(
            f"{found.journal}:{verdict.records + 1}: {verdict.fault}; "
            f"the {verdict.records} records before it are intact"
        )
    torn = f", and {verdict.torn} bytes of one that was torn off" if verdict.torn else ""
    return tell(f"{verdict.records} records{torn}: all as they were written",
                records=verdict.records, torn=verdict.torn)  # fmt: skip


@command("story <res:guid>", effects=LOOK, group="journal", columns=names_of(STORY))
def story(ctx: Context, *, res: int) -> Records:
    """All that happened to a resource: its moves, values, connections, in order."""
    name = ctx.name(res)
    rows = [
        (round(event.at, 3), name, *_told(ctx, event, res))
        for event in _events(run_of(ctx, ""))
        if res in (getattr(event, "guid", 0), getattr(event, "other", 0))
        or res in getattr(event, "guids", ())
    ]
    return Records(STORY, rows, "events")


@command("goto <moment:instant> [<targets:guids>]", effects=LOOK, group="journal",
         columns=names_of(THEN))  # fmt: skip
def goto(ctx: Context, *, moment: Instant, targets: tuple[int, ...] = ()) -> Records:
    """The resources as they were at a moment of the past; nothing is changed by looking.

    goto t+30s
    """
    at = moment_of(ctx, moment)
    world = fold(_events(run_of(ctx, "")), at)
    rows = [
        (past.guid, past.label, past.rtype, past.state, _peers(world, past), past.reason)
        for past in world.resources.values()
        if not targets or past.guid in targets
    ]
    return Records(THEN, rows, f"resources as they were at t+{at:g}s")


@command("diff <before:instant> <after:instant>", effects=LOOK, group="journal",
         columns=names_of(DIFFERENCES))  # fmt: skip
def diff(ctx: Context, *, before: Instant, after: Instant) -> Records:
    """What changed between two moments of this run.

    diff t+10s t+40s
    """
    told = list(_events(run_of(ctx, "")))
    one, two = (fold(told, moment_of(ctx, moment)) for moment in (before, after))
    rows = list(compare(one, two, lambda past: past.guid))
    return Records(DIFFERENCES, rows, "differences")


@command("diff runs <one:run> <other:run>", effects=LOOK, group="journal",
         columns=names_of(DIFFERENCES))  # fmt: skip
def diff_runs(ctx: Context, *, one: str, other: str) -> Records:
    """What two runs came to, compared by label, just before each was released.

    diff runs 20261121072513 20261121081200
    """
    before, after = (before_release(_events(run_of(ctx, name))) for name in (one, other))
    rows = list(compare(before, after, lambda past: past.name))
    return Records(DIFFERENCES, rows, "differences")


@command("diff <one:run> <other:run>", effects=LOOK, group="journal", name="diff two",
         columns=names_of(DIFFERENCES))  # fmt: skip
def diff_two(ctx: Context, *, one: str, other: str) -> Records:
    """Short for `diff runs`; `compare` says also who came when, and what was measured.

    diff 20261121072513 20261121081200
    """
    for name in (one, other):
        try:
            kept.find(ctx.ec.local_dir, name)
        except UnknownName:
            raise UnknownName(
                f"'{name}' is neither a run nor a moment; write two of either, as in t+10s t+40s"
            ) from None
    return diff_runs(ctx, one=one, other=other)


def run_of(ctx: Context, name: str) -> Run:
    """The run called *name*; '': this one, all of it on disk."""
    if name:
        return kept.find(ctx.ec.local_dir, name)
    if ctx.opened is not None:
        return ctx.opened
    if ctx.journal is None:
        raise NepishellError("this run has no journal: nothing of its past is known")
    ctx.ec.bus.drain()
    ctx.journal.writer.commit()
    return kept.look(ctx.ec.run_dir)


def _events(run: Run) -> Iterator[Event]:
    if run.fate is Fate.BROKEN:
        raise NepishellError(run.problem)
    return run.events()


def moment_of(ctx: Context, moment: Instant) -> float:
    """Seconds of the run's clock; raises NepishellError for what is still to come."""
    now = ctx.ec.clock.now()
    at = moment.seconds if moment.absolute else now - moment.seconds
    if at < 0 or at > now:
        raise NepishellError(f"t+{at:g}s is not in the past of this run: it is at t+{now:.3f}s")
    return at


def _peers(world: World, past: Past) -> str:
    names = (world.resources[guid].name for guid in past.connections if guid in world.resources)
    return ",".join(sorted(names))


def _told(ctx: Context, event: Event, res: int) -> tuple[str, str]:
    """What an event says of *res*, for people: what, and why."""
    if isinstance(event, StateChanged):
        return f"{event.old.name} -> {event.new.name}", event.reason
    name = type(event).__name__
    fields = {k: v for k, v in event._asdict().items() if k not in ("at", "guid")}
    if fields.get("other") == res:
        fields["other"] = getattr(event, "guid", res)
    words = " ".join(filter(None, (_word(ctx, key, value) for key, value in fields.items())))
    return f"{_NAMES.get(name, name)} {words}".rstrip(), ""


_NAMES = {
    "ResourceAdded": "added as",
    "ResourceRemoved": "removed",
    "Labelled": "called",
    "AttributeSet": "set",
    "Connected": "connected with",
    "Disconnected": "disconnected from",
    "ConditionAdded": "waits to",
    "ConditionRemoved": "waits no more to",
    "SettingAwaited": "will be set:",
    "SettingOver": "no more awaited:",
    "TraceSwitched": "trace",
    "Deployed": "deployed in group",
    "Intended": "about to",
    "Noted": "said",
    "Suspected": "in doubt:",
    "RunAborted": "aborted the run",
}


def _word(ctx: Context, key: str, value: Any) -> str:
    """A field of an event as it stands in a sentence."""
    match key, value:
        case "other", int():
            return ctx.name(value)
        case "group", tuple():
            return f"after {ctx.names(value)}"
        case "guids", tuple():
            return ctx.names(value)
        case _, ResourceAction():
            return value.name.lower()
        case _, ResourceState():
            return value.name
        case "delay", float():
            return f"+{value:g}s" if value else ""
        case "enabled", bool():
            return "on" if value else "off"
        case "together", bool():
            return "" if value else "each by itself"
    return str(value)
