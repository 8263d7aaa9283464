"""Runs beside each other: their graphs, who came when, and their numbers with intervals.

Two runs are compared by what they measured (each round trip is a value); where a side has several
runs, each run counts as one value, which is what repetitions are for. Loads scipy.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from nepishell.commands.measures import base_name, kind_of
from nepishell.commands.opened import looking_at
from nepishell.core.attributes import Flags
from nepishell.core.errors import NepishellError
from nepishell.core.events import Deployed, StateChanged
from nepishell.core.intervals import Interval, difference, mean_interval
from nepishell.core.states import ResourceState
from nepishell.engine.factory import ResourceFactory
from nepishell.journal.comparing import Difference, compare
from nepishell.journal.runs import Fate, Run
from nepishell.journal.world import World, before_release
from nepishell.resources.linux.traces import Recording

_TOLD = (ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED, ResourceState.FAILED)


@dataclass(slots=True, kw_only=True)
class Facts:
    """One run. *came*: what happened -> seconds since its first deployment, in order.

    *numbers*: as `expect` names them; *samples*: all values of a column of a trace.
    """

    run_id: str
    recipe: object
    world: World
    came: dict[str, float] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    samples: dict[str, tuple[float, ...]] = field(default_factory=dict)


class Moment(NamedTuple):
    """When something came in both, in seconds; None where it did not. *order*: of the second."""

    what: str
    one: float | None
    other: float | None
    order: str


class Contrast(NamedTuple):
    """A number of both sides; *by*: how much greater the second is. *verdict*: in words."""

    name: str
    kind: str
    one: Interval | None
    other: Interval | None
    by: Interval | None
    verdict: str


def facts_of(run: Run) -> Facts:
    """What there is to compare in *run*; raises NepishellError."""
    if run.fate is Fate.BROKEN:
        raise NepishellError(run.problem)
    recipe = next((r.data for r in run.records() if r.kind == "recipe"), {})
    played = (recipe.get("text"), str(recipe.get("given")))
    told = list(run.events())
    facts = Facts(run_id=run.run_id, recipe=played, world=before_release(told))
    began = next((event.at for event in told if isinstance(event, Deployed)), 0.0)
    for event in told:
        if isinstance(event, StateChanged) and event.new in _TOLD:
            past = facts.world.find(event.guid)
            if past is not None:
                facts.came.setdefault(f"{past.name} {event.new.name}", event.at - began)
    with looking_at(run) as (ec, _):
        for rm in map(ec.get_resource, ec.resources):
            if isinstance(rm, Recording):
                _measured(rm, facts)
    return facts


def _measured(rm: Recording, facts: Facts) -> None:
    report = rm.report()
    for trace, table in report.tables.items():
        for index, column in enumerate(table.columns):
            stem = base_name(column)
            values = tuple(float(str(row[index])) for row in table.rows if _is_number(row[index]))
            if kind_of(stem) != "number" and values:
                name = f"{rm.name}.{trace}" if trace == stem else f"{rm.name}.{trace}.{stem}"
                facts.samples[name] = values
    for metric, value in report.metrics.items():
        if math.isfinite(value):
            facts.numbers[f"{rm.name}.{metric}"] = value


def _is_number(cell: object) -> bool:
    try:
        return cell not in (None, "") and math.isfinite(float(str(cell)))
    except ValueError:
        return False


# -- the graph -------------------------------------------------------------------------------------


def graph(one: Facts, other: Facts) -> list[Difference]:
    """What the second run has otherwise, by label; what was only measured is left out."""
    return [
        found
        for found in compare(one.world, other.world, lambda past: past.name)
        if not _is_measured(other.world, found) and not _is_measured(one.world, found)
    ]


def _is_measured(world: World, found: Difference) -> bool:
    past = next((p for p in world.resources.values() if p.name == found.resource), None)
    rclass = ResourceFactory.get_resource_type(past.rtype) if past is not None else None
    declared = rclass._attributes.get(found.what) if rclass is not None else None
    return (
        declared is not None
        and declared.has_flag(Flags.NoWrite)
        and found.what not in ("engine_used", "suspect")
    )


# -- who came when ---------------------------------------------------------------------------------


def moments(one: Facts, other: Facts) -> list[Moment]:
    """All that happened in either, in the order of the first."""
    left, right = list(one.came), list(other.came)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    same = {left[block.a + i] for block in matcher.get_matching_blocks() for i in range(block.size)}
    found = []
    for what in dict.fromkeys([*left, *right]):
        first, second = one.came.get(what), other.came.get(what)
        if first is None or second is None:
            order = "only there" if first is None else "not there"
        else:
            order = "" if what in same else "in another place"
        found.append(Moment(what, first, second, order))
    return found


# -- numbers ---------------------------------------------------------------------------------------


def numbers(
    one: Sequence[Facts], other: Sequence[Facts], level: float = 0.95
) -> Iterator[Contrast]:
    """Each number of either side, with intervals where there are values enough."""
    single = len(one) == len(other) == 1
    sampled: list[str] = []
    if single:
        sampled = list(dict.fromkeys([*one[0].samples, *other[0].samples]))
        for name in sampled:
            a, b = one[0].samples.get(name, ()), other[0].samples.get(name, ())
            yield _contrast(name, a, b, level)
    for name in dict.fromkeys(name for facts in (*one, *other) for name in facts.numbers):
        # its mean, its least and its greatest are told by the values themselves
        if not any(f"{name}.".startswith(f"{each}.") for each in sampled):
            a = tuple(facts.numbers[name] for facts in one if name in facts.numbers)
            b = tuple(facts.numbers[name] for facts in other if name in facts.numbers)
            yield _contrast(name, a, b, level)


def _contrast(name: str, a: Sequence[float], b: Sequence[float], level: float) -> Contrast:
    kind = kind_of(name.partition(".")[2])
    first = mean_interval(a, level) if a else None
    second = mean_interval(b, level) if b else None
    if first is None or second is None:
        return Contrast(name, kind, first, second, None, "only in one")
    by = difference(a, b, level)
    return Contrast(name, kind, first, second, by, _verdict(by))


def _verdict(by: Interval) -> str:
    if by.mean == 0 and by.half_width in (0, math.inf):
        return "the same"
    if math.isinf(by.half_width):
        return "too few values to say"
    if by.low > 0:
        return "higher"
    return "lower" if by.high < 0 else "no difference seen"


def sides(facts: Sequence[Facts]) -> list[tuple[list[Facts], list[Facts]]]:
    """What is compared with what: two groups of runs of one recipe each, or all with the first."""
    groups: dict[object, list[Facts]] = {}
    for each in facts:
        groups.setdefault(each.recipe, []).append(each)
    if len(facts) > 2 and len(groups) == 2 and (None, "None") not in groups:
        one, other = groups.values()
        return [(one, other)]
    return [([facts[0]], [each]) for each in facts[1:]]
