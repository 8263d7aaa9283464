"""The numbers of one run: those that its recipe expected, and those at its end.

A number that the recipe expects is the one that it saw there; of two with one name the second is
called `probe.rtt.min#2`. All others are what the resources report when the run has ended.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# its types must be known before the commands that use them are declared
from nepishell.commands import argument_types  # noqa: F401
from nepishell.commands.context import Context
from nepishell.commands.expecting import measure
from nepishell.commands.measures import kind_of
from nepishell.commands.opened import context_of, looking_at
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.journal.runs import Run
from nepishell.resources.linux.traces import Recording


def expected(lines: Iterable[str]) -> dict[str, float]:
    """The numbers in what `nepishell run --json` printed."""
    found: dict[str, float] = {}
    for name, value in _held(lines):
        unique, times = name, 1
        while unique in found:
            times += 1
            unique = f"{name}#{times}"
        found[unique] = value
    return found


def _held(lines: Iterable[str]) -> Iterator[tuple[str, float]]:
    for line in lines:
        if not line.startswith("{"):
            continue
        try:
            said: Any = json.loads(line)
        except ValueError:
            # a run that was killed may end in half a line
            continue
        name, value = said.get("what"), said.get("value")
        if said.get("ok") is True and isinstance(name, str) and isinstance(value, int | float):
            yield name, float(value)


def at_the_end(run: Run, wanted: Sequence[str]) -> tuple[dict[str, float], list[str]]:
    """What the resources of *run* reported in the end, and why some that are *wanted* are missing.

    *wanted*: as in `expect`, without the bound: probe.rtt.p95. Raises NepishellError.
    """
    with looking_at(run) as (ec, _):
        found = dict(_reported(ec))
        missing = []
        ctx = context_of(ec, run)
        for name in wanted:
            try:
                found[name] = _measured(ctx, name)
            except NepishellError as problem:
                missing.append(f"{name}: {problem}")
        return found, missing


def _reported(ec: ExperimentController) -> Iterator[tuple[str, float]]:
    for rm in map(ec.get_resource, ec.resources):
        if isinstance(rm, Recording):
            for name, value in sorted(rm.metrics().items()):
                yield f"{rm.name}.{name}", value


def _measured(ctx: Context, name: str) -> float:
    label, _, path = name.partition(".")
    rm = ctx.rm(ctx.ec.find(label))
    return measure(ctx, rm, path)[0]


def kind_of_metric(name: str) -> str:
    """What `probe.rtt.min#2` is: a duration, rate, size, percent or number."""
    return kind_of(name.partition(".")[2].partition("#")[0])
