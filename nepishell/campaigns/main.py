"""`nepishell campaign`: begins campaigns and goes on with them; `looks` tells what came."""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TextIO

from nepishell.campaigns.arguments import VERBS, run_parser, verb_parser
from nepishell.campaigns.axes import Axes, points, values_of, written
from nepishell.campaigns.conducting import Conductor, Outcome
from nepishell.campaigns.definition import Definition, Stop, read_definition, share
from nepishell.campaigns.engines import Engine, Here, Said
from nepishell.campaigns.live import Live
from nepishell.campaigns.manifest import ENDS, LOST, Manifest
from nepishell.campaigns.preparing import newest, open_for, prepare, unchanged
from nepishell.commands.signals import Signals
from nepishell.core.errors import NepishellError, did_you_mean
from nepishell.core.units import parse_duration

DONE, MISSING, USAGE, INTERRUPTED = 0, 1, 2, 130
#: Where campaigns are, from the current directory.
FOLDER = Path("campaigns")
#: imported only when a cluster is asked for
_CLUSTER = "nepishell.campaigns.cluster:Cluster"
_LOOKS = "nepishell.campaigns.looks"


def main(argv: list[str]) -> int:
    """`nepishell campaign ...`; returns the exit status."""
    verb = argv[0] if argv and argv[0] in VERBS else ""
    try:
        if verb:
            return _verb(verb, verb_parser(verb).parse_args(argv[1:]))
        return _begin(run_parser().parse_args(argv))
    except NepishellError as problem:
        sys.stderr.write(f"nepishell: {problem}\n")
        return USAGE


def _verb(verb: str, given: argparse.Namespace) -> int:
    manifest = Manifest(_folder(given.folder))
    if verb == "resume":
        return go_on(manifest, unchanged(manifest.definition), given)
    if verb == "retry":
        return _retry(manifest, given)
    show: Callable[..., int] = getattr(importlib.import_module(_LOOKS), f"look_{verb}")
    return show(manifest, given, sys.stdout)


def _folder(given: str | None) -> Path:
    if given is not None:
        return Path(given)
    found = newest(FOLDER.iterdir() if FOLDER.is_dir() else ())
    if found is None:
        raise NepishellError("no campaign below ./campaigns; name its folder with --in DIR")
    return found


# -- what is asked for ----------------------------------------------------------------------------


def definition_of(given: argparse.Namespace) -> Definition:
    """The campaign that a command line describes; raises NepishellError."""
    if given.file.endswith(".toml"):
        base = read_definition(Path(given.file))
        if given.param or given.zip or given.point or given.random:
            raise NepishellError(f"what is varied stands in {given.file}; write it there")
    else:
        base = Definition(name=Path(given.file).stem, recipe=Path(given.file), axes=_axes(given))
    wanted: dict[str, Any] = {
        "repeat": given.repeat, "jobs": given.jobs, "seed": given.seed, "order": given.order,
        "tries": given.tries,
        "timeout_s": None if given.timeout is None else parse_duration(given.timeout),
        "metrics": tuple(given.metric) or None, "yes": given.yes or None, "stop": _stop(given),
    }  # fmt: skip
    return replace(base, **{name: value for name, value in wanted.items() if value is not None})


def _axes(given: argparse.Namespace) -> Axes:
    return Axes(
        product=_assignments(given.param, "--param"),
        zipped=_assignments(given.zip, "--zip"),
        listed=[dict(_assignment(one, "--point") for one in values_of(text))
                for text in given.point],
        chance=_assignments(given.random, "--random"),
        draws=given.draws or 0,
    )  # fmt: skip


def _assignments(texts: Iterable[str], option: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, value = _assignment(text, option)
        found[name] = (*found.get(name, ()), *values_of(value))
    return found


def _assignment(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise NepishellError(f"{option} '{text}' is not NAME=VALUE, as in {option} delay=5ms")
    return name, value


def _stop(given: argparse.Namespace) -> Stop | None:
    if given.until is None:
        if given.min is not None or given.max is not None:
            raise NepishellError("--min and --max need --until: until what is it repeated?")
        return None
    metric, within = _assignment(given.until, "--until")
    least = given.min or 3
    return Stop(metric=metric, within=share(within), least=least,
                most=given.max if given.max is not None else max(30, least))  # fmt: skip


# -- doing it -----------------------------------------------------------------------------------


def _begin(given: argparse.Namespace) -> int:
    meant = did_you_mean(given.file, VERBS)
    if meant and not Path(given.file).exists():
        raise NepishellError(f"no file or recipe '{given.file}'{meant}")
    definition = prepare(definition_of(given))
    if given.dry:
        return _list(definition, sys.stdout)
    folder = Path(given.out) if given.out else FOLDER / definition.name
    manifest = open_for(definition, folder.absolute())
    return go_on(manifest, definition, given)


def _list(definition: Definition, out: TextIO) -> int:
    found = points(definition.axes, definition.seed)
    stop = definition.stop
    each = f"{stop.least} to {stop.most}" if stop else str(definition.repeat)
    for point in found:
        out.write(f"{written(point)}\n")
    out.write(f"{len(found)} points, {each} runs of each; nothing wrong\n")
    return DONE


def _retry(manifest: Manifest, given: argparse.Namespace) -> int:
    definition = unchanged(manifest.definition)
    with manifest.hold():
        count = sum(manifest.again(key, end) for key in manifest.all_keys() for end in given.which)
    if not count:
        sys.stderr.write(f"no run is {' or '.join(given.which)}\n")
    return go_on(manifest, definition, given)


def go_on(manifest: Manifest, definition: Definition, given: argparse.Namespace) -> int:
    """Do what is missing, here or on a cluster; returns the exit status."""
    said: Said = SimpleQueue()
    live = Live(definition.name, sys.stderr, metrics=_shown(definition), plain=given.plain)
    jobs = given.jobs if given.jobs is not None else definition.jobs or 1
    if jobs < 1:
        raise NepishellError(f"jobs is {jobs}; it must be at least 1")
    # first of all: without a place to run there is nothing to begin
    engine = _engine(given, jobs, said)
    try:
        with manifest.hold(), Signals() as signals:
            signals.on_idle = lambda stopped: said.put(None)
            manifest.define(definition)
            outcome = Conductor(manifest, definition, engine, said, live).conduct()
    finally:
        engine.close()
        live.close()
    return _tell(outcome, manifest, sys.stderr)


def _shown(definition: Definition) -> list[str]:
    first = [definition.stop.metric] if definition.stop else []
    return list(dict.fromkeys([*first, *definition.metrics]))


def _engine(given: argparse.Namespace, jobs: int, said: Said) -> Engine:
    if given.cluster is None and given.scheduler_file is None:
        return Here(jobs, said)
    module, _, name = _CLUSTER.partition(":")
    try:
        made: Callable[..., Engine] = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as problem:
        raise NepishellError(
            f"a cluster needs the package {problem.name}: pip install 'nepishell[campaign]'"
        ) from None
    return made(given.cluster, given.scheduler_file, said)


def _tell(outcome: Outcome, manifest: Manifest, err: TextIO) -> int:
    where = manifest.folder
    told = ", ".join(f"{outcome.counts[end]} {end}" for end in ENDS if outcome.counts[end])
    err.write(f"{where}: {outcome.total} runs: {told or 'none is over'}\n")
    if outcome.problem:
        err.write(f"{outcome.problem}\n")
    go = f"nepishell campaign resume --in {where}"
    if outcome.counts[LOST] and not outcome.is_stopped:
        err.write(
            f"have the lost ones done again with: nepishell campaign retry lost --in {where}\n"
        )
        return MISSING
    if outcome.missing:
        err.write(f"{outcome.missing} runs are missing; go on with: {go}\n")
        return INTERRUPTED if not outcome.problem else MISSING
    err.write(f"see: nepishell campaign status | compare | plot | export FILE.csv --in {where}\n")
    return DONE
