"""Going on with a run whose controller was killed: `nepishell resume`, and `nepishell clean`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nepishell import __version__
from nepishell.commands.context import Context
from nepishell.core.errors import NepishellError, UnknownName
from nepishell.core.states import ResourceAction
from nepishell.core.units import format_duration
from nepishell.engine.adopting import Adoption, Late
from nepishell.engine.controller import ExperimentController, default_local_dir
from nepishell.journal.keeping import RunJournal
from nepishell.journal.resuming import Legacy, open_again, read_legacy, take_over
from nepishell.journal.runs import Fate, Run, find, runs
from nepishell.resources.table import register_all


@dataclass(slots=True, kw_only=True)
class Resumption:
    """A run that is about to go on: its controller is still empty, its journal is ours."""

    ec: ExperimentController
    journal: RunJournal
    legacy: Legacy
    #: seconds during which nobody was there
    away: float = 0.0


def orphan(name: str = "", local_dir: Path | None = None) -> Run:
    """The run to go on with: *name*, or the last that lost its controller. Raises UnknownName."""
    folder = local_dir or default_local_dir()
    if name:
        found = find(folder, name)
        if found.fate is not Fate.ORPHANED:
            raise NepishellError(_refusal(found))
        return found
    left = [run for run in runs(folder) if run.fate is Fate.ORPHANED]
    if not left:
        raise UnknownName("no run has lost its controller; 'nepishell runs' lists all")
    return left[-1]


def _refusal(run: Run) -> str:
    match run.fate:
        case Fate.RUNNING:
            return f"run {run.run_id} has its controller still (pid {run.head.get('pid')})"
        case Fate.ENDED:
            return f"run {run.run_id} has ended: nothing of it goes on; play its recipe again"
    return run.problem


def prepare(run: Run) -> Resumption:
    """Take the journal of *run*, so that nobody else does, and read it; raises NepishellError."""
    register_all()
    before = read_legacy(run)
    ec = open_again(before)
    ec.lasting = True
    try:
        journal = RunJournal(ec, version=__version__, goes_on=True)
        # read again: now nobody else writes
        legacy = read_legacy(run)
        journal.happened(legacy.undone)
        return Resumption(ec=ec, journal=journal, legacy=legacy, away=ec.clock.now() - before.last)
    except NepishellError:
        ec.shutdown()
        raise


def go_on(
    ctx: Context,
    resumption: Resumption,
    execute: Callable[[str], object],
    late: Late = Late.RUN,
) -> list[str]:
    """Fill the controller and let the run go on; gives what a person should know, line by line.

    *execute*: performs a line, for what was planned.
    """
    legacy, journal = resumption.legacy, resumption.journal
    ctx.journal = journal
    found = take_over(resumption.ec, legacy, late, begun=lambda: journal.listen(legacy.commands))
    lines = [_headline(ctx, resumption, found), *_report(ctx, legacy, found, late)]
    return lines + [_planned(ctx, execute, job) for job in legacy.jobs.values()]


def _headline(ctx: Context, resumption: Resumption, found: Adoption) -> str:
    away = format_duration(round(max(0.0, resumption.away), 1))
    known = set(ctx.ec.resources)
    there = [guid for guid in found.adopted if guid in known]
    what = ctx.names(there) if there else "nothing"
    return f"resumed run {resumption.legacy.run.run_id} after {away}: {what} found again"


def _report(ctx: Context, legacy: Legacy, found: Adoption, late: Late) -> Iterator[str]:
    for guid, why in found.lost:
        yield f"{ctx.name(guid)}: {why}"
    for guid, action, overdue in found.late:
        done = {Late.RUN: "done now", Late.SKIP: "skipped", Late.FAIL: "failed"}[late]
        yield f"{ctx.name(guid)}: {_verb(action)} was due {overdue:.1f}s ago: {done}"
    yield from found.warnings
    if legacy.half:
        yield f"'{legacy.half}' was cut short, and nothing of it is kept: repeat it"
    for line in legacy.unfinished:
        yield f"'{line}' had not come to its end: look whether it has to be repeated"


def _verb(action: ResourceAction) -> str:
    return action.name.lower()


def _planned(ctx: Context, execute: Callable[[str], object], job: dict[str, Any]) -> str:
    """Plan again what was to be done at a time, or again and again."""
    line, now = str(job.get("line", "")), ctx.ec.clock.now()
    if "when" in job:
        rest = f"when {job['when']} {line}"
    elif "interval" in job:
        interval, times = float(job["interval"]), job.get("times")
        done = int((now - float(job.get("began", now))) / interval) if interval > 0 else 0
        left = f" times {max(1, times - done)}" if isinstance(times, int) else ""
        among = f" while {job['while']}" if "while" in job else ""
        rest = f"every {format_duration(interval)}{left}{among} {line}"
    else:
        rest = f"at {format_duration(round(max(0.0, float(job.get('due', now)) - now), 3))} {line}"
    try:
        execute(rest)
    except NepishellError as problem:
        return f"'{rest}' is not planned any more: {problem}"
    return f"planned again: {rest}"


def clean(name: str = "") -> Iterator[str]:
    """Release what runs without a controller left, all or *name*; what was done, line by line."""
    folder = default_local_dir()
    left = [run for run in runs(folder) if run.fate is Fate.ORPHANED]
    chosen = [orphan(name)] if name else left
    for run in chosen:
        try:
            yield _clean(run)
        except NepishellError as problem:
            yield f"run {run.run_id} is left as it is: {problem}"
    if not chosen:
        yield "nothing is left of any run"


def _clean(run: Run) -> str:
    resumption = prepare(run)
    ec, journal = resumption.ec, resumption.journal
    try:
        found = take_over(ec, resumption.legacy, begun=journal.listen, goes_on=False)
        count = len(found.adopted)
    finally:
        ec.shutdown()
        journal.close()
    return f"run {run.run_id} of {run.exp_id}: released {count} resource{'s' * (count != 1)}"
