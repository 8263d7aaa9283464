"""A run handed over as one file: `export`, and what a bundle says of its run."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

# its types must be known before the commands that use them are declared
from nepishell.commands import argument_types  # noqa: F401
from nepishell.commands.context import Context
from nepishell.commands.notes import Note, tell
from nepishell.commands.opened import looking_at
from nepishell.core.errors import NepishellError
from nepishell.core.events import Noted, Suspected
from nepishell.engine.controller import ExperimentController
from nepishell.journal import runs as kept
from nepishell.journal.bundle import EXPERIMENT, METRICS, ORIGINAL, RECIPE, RUN, Progress
from nepishell.journal.bundling import files_of, write_bundle
from nepishell.journal.chain import Record
from nepishell.journal.runs import Fate, Run
from nepishell.journal.world import Past, World, before_release
from nepishell.lang.credentials import MASK
from nepishell.lang.quantities import format_quantity
from nepishell.lang.registry import DESIGN, LOOK, command
from nepishell.lang.registry import RUN as RUNS
from nepishell.resources.linux.traces import Recording
from nepishell.resources.linux.uploads import Tally

#: What the name of a bundle ends in.
SUFFIX = ".zip"
#: Of run.json and experiment.json.
FORMAT = 1
#: Commands that only look, and belong to a recipe all the same.
_SAID = frozenset({"say", "expect", "wait"})
#: Commands that were for that one session; what `source` played is in the journal itself.
_LEFT_OUT = frozenset({"param", "source", "open", "undo", "redo", "export", "shutdown", "detach"})


@command("export <file:path(.zip)>", effects=RUNS, group="journal")
def export(ctx: Context, *, file: str) -> Note:
    """Write this run into one file that is handed over: recipe, journal, traces, numbers, versions.

    `nepishell open FILE.zip` looks at it on any machine, `nepishell run FILE.zip` does it again.

    export slow-link.zip
    """
    if ctx.journal is None:
        raise NepishellError("this run has no journal: there is nothing to hand over")
    with ctx.waiting():
        _fetch(ctx.ec)
        ctx.ec.bus.drain()
        ctx.journal.writer.commit()
        return _export(ctx, kept.look(ctx.ec.run_dir), file)


@command("export run <run> <file:path(.zip)>", effects=RUNS, group="journal")
def export_other(ctx: Context, *, run: str, file: str) -> Note:
    """Write another run on this machine into one file that is handed over.

    export run 20261121072513 slow-link.zip
    """
    with ctx.waiting():
        return _export(ctx, kept.find(ctx.ec.local_dir, run), file)


def _export(ctx: Context, run: Run, file: str) -> Note:
    ec, target = ctx.ec, Path(file).expanduser()

    def say(text: str) -> None:
        ec.bus.post(Noted(ec.clock.now(), 0, "info", text))

    return export_run(run, target, Tally(f"writing {target.name}", say))


def _fetch(ec: ExperimentController) -> None:
    """Have what was recorded on hosts elsewhere in the run's directory, as far as it is now."""
    for rm in map(ec.get_resource, ec.resources):
        if isinstance(rm, Recording) and rm.has_recorded:
            for trace in ec.get_traces(rm.guid):
                if ec.trace_enabled(rm.guid, trace.name):
                    _bring_home(rm, trace.name)


def _bring_home(rm: Recording, trace: str) -> None:
    try:
        rm.bring_home(trace, Tally(f"fetching {trace} of {rm.name}", rm.info))
    except (NepishellError, OSError) as problem:
        # what was fetched before is handed over all the same
        rm.warning(f"trace {trace} of {rm.name} is not all of it: {problem}")


def export_run(run: Run, target: Path, progress: Progress = lambda done, total: None) -> Note:
    """Write *run* into the bundle *target*; raises NepishellError, and leaves no half of one."""
    if target.suffix != SUFFIX:
        raise NepishellError(
            f"'{target}': a run is handed over as a zip; give it the ending {SUFFIX}"
        )
    records, world = _read(run)
    about = describe(run, records, world)
    texts = {
        RECIPE: recipe_of(run, records),
        RUN: _json(about),
        EXPERIMENT: _json({"format": FORMAT, "resources": [_resource(p) for p in _all(world)]}),
        METRICS: _metrics(run),
    }
    begun_from = original(records)
    if begun_from is not None:
        texts[ORIGINAL] = str(begun_from.get("text", ""))
    size = write_bundle(target, files_of(run.path), texts, about, progress)
    return tell(f"wrote {target} ({format_quantity(size, 'size')}): run {run.run_id}",
                file=str(target), size=size, run=run.run_id)  # fmt: skip


def about_run(run: Run) -> dict[str, Any]:
    """What the bundle of *run* would say of it; raises NepishellError."""
    return describe(run, *_read(run))


def _read(run: Run) -> tuple[list[Record], World]:
    if run.fate is Fate.BROKEN:
        raise NepishellError(run.problem)
    # without the events, which the world has: there may be a million
    records = [record for record in run.records() if record.kind != "events"]
    return records, before_release(run.events())


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


# -- what it says ------------------------------------------------------------------------------


def describe(run: Run, records: Sequence[Record], world: World) -> dict[str, Any]:
    """The facts of *run*: when, on what, by which versions, and what each link really was."""
    head, begun_from, controllers = run.head, original(records) or {}, _controllers(records)
    last = max([world.at, *(record.at for record in records)])
    failed = [past.name for past in _all(world) if past.state.name == "FAILED"]
    return {
        "format": FORMAT,
        "experiment": run.exp_id,
        "run": run.run_id,
        "seed": head.get("seed"),
        "nepishell": str(head.get("nepishell", "")),
        "began": str(head.get("wall", "")),
        "ended": _later(str(head.get("wall", "")), last),
        "lasted": round(last, 3),
        "fate": run.fate.value,
        "outcome": f"failed: {', '.join(failed)}" if failed else "nothing failed",
        "recipe": begun_from.get("file"),
        "parameters": begun_from.get("given", {}),
        "whole": bool(begun_from.get("whole")) and len(controllers) == 1,
        "controllers": controllers,
        "doubts": [_doubt(world, doubt) for doubt in world.doubts.values()],
        "links": [_link(past) for past in _all(world) if "engine_used" in past.values],
    }


def _controllers(records: Iterable[Record]) -> list[dict[str, Any]]:
    """On what it ran: its controller, and those that went on with it."""
    facts = ("wall", "machine", "kernel", "python", "cpus", "nepishell", "packages")
    heads = (record.data for record in records if record.kind in ("journal", "resumed"))
    return [{name: head.get(name) for name in facts} for head in heads]


def _doubt(world: World, doubt: Suspected) -> dict[str, Any]:
    past = world.find(doubt.guid)
    return {
        "about": past.name if past is not None else "the whole run",
        "kind": doubt.kind,
        "since": doubt.since,
        "until": doubt.at,
        "why": doubt.text,
    }


def _later(began: str, seconds: float) -> str:
    try:
        return (datetime.fromisoformat(began) + timedelta(seconds=seconds)).isoformat()
    except ValueError:
        return ""


def _all(world: World) -> list[Past]:
    return [*world.resources.values(), *world.gone.values()]


def _link(past: Past) -> dict[str, str]:
    return {"link": past.name, "rtype": past.rtype, **past.values}


def _resource(past: Past) -> dict[str, Any]:
    return {
        "guid": past.guid,
        "label": past.label,
        "rtype": past.rtype,
        "state": past.state.name,
        "reason": past.reason,
        "attributes": past.values,
        "connections": list(past.connections),
        "conditions": [
            {"action": c.action.name, "group": list(c.group), "state": c.state.name,
             "delay": c.delay}
            for c in past.conditions
        ],
        "traces": past.traces,
        "times": [{"state": move.new.name, "at": move.at} for move in past.story],
    }  # fmt: skip


def _metrics(run: Run) -> str:
    """The numbers of all applications as CSV, in base units; found in what they recorded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("resource", "rtype", "metric", "value"))
    with looking_at(run) as (ec, _):
        for rm in map(ec.get_resource, ec.resources):
            if isinstance(rm, Recording):
                for name, value in sorted(rm.metrics().items()):
                    writer.writerow((rm.name, rm.rtype, name, f"{value:.9g}"))
    return out.getvalue()


# -- the recipe --------------------------------------------------------------------------------


def original(records: Iterable[Record]) -> Mapping[str, Any] | None:
    """The recipe that a run was begun from: `file`, `text`, `given` parameters; None without one.

    `whole`: whether it is all that was played.
    """
    return next((record.data for record in records if record.kind == "recipe"), None)


def recipe_of(run: Run, records: Iterable[Record]) -> str:
    """What was done in *run* and went well, as a recipe that does it again."""
    lines = list(_effective(records))
    head = [
        f"# what was done in run {run.run_id} of {run.exp_id}",
        "# in its own order: waits are as they were, pauses of people are left out",
    ]
    if any(MASK in line for line in lines):
        head.append(f"# what was secret is written as {MASK}: put it in again before you play it")
    return "\n".join([*head, "", *lines, ""])


def _effective(records: Iterable[Record]) -> Iterator[str]:
    """The lines that count, without those that were undone."""
    begun: dict[int, tuple[str, str]] = {}
    done: list[tuple[str, str]] = []
    undone: list[tuple[str, str]] = []
    for record in records:
        number = record.data.get("c")
        if record.kind == "command" and isinstance(number, int):
            begun[number] = str(record.data.get("line", "")), str(record.data.get("does", ""))
        elif record.kind == "outcome" and number in begun and not record.data.get("error"):
            _count(begun.pop(number), done, undone)
    return (line for line, _ in done)


def _count(
    deed: tuple[str, str], done: list[tuple[str, str]], undone: list[tuple[str, str]]
) -> None:
    line, does = deed
    verb = (line.split() or [""])[0]
    if verb in ("undo", "redo"):
        source, target = (done, undone) if verb == "undo" else (undone, done)
        for _ in range(_how_many(line)):
            _move(source, target)
    elif verb not in _LEFT_OUT and (does != LOOK.value or verb in _SAID):
        done.append(deed)
        if does == DESIGN.value:
            undone.clear()


def _how_many(line: str) -> int:
    last = line.split()[-1]
    return int(last) if last.isdigit() else 1


def _move(source: list[tuple[str, str]], target: list[tuple[str, str]]) -> None:
    """The last that described something; what ran stays done."""
    for index in reversed(range(len(source))):
        if source[index][1] == DESIGN.value:
            target.append(source.pop(index))
            return
