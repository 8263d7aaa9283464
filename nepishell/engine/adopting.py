"""Taking over an experiment that another controller began: the description, the states, and what
was still to come. Each resource that exists outside finds its own part of the world again.

First everything is described as it was, then the states are put on without any hook, then
do_resume() of each resource looks at what is really there, those first that others need; only then
is what was pending armed again. What cannot be found is FAILED, with the reason.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from nepishell.core.conditions import Condition
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.gates import Point, is_lost, points_of, reached_at
from nepishell.engine.groups import Group
from nepishell.engine.jobs import FAIL
from nepishell.engine.release import needs_of

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.engine.resource import ResourceManager

NEW, READY, STARTED = ResourceState.NEW, ResourceState.READY, ResourceState.STARTED
FAILED, RELEASED = ResourceState.FAILED, ResourceState.RELEASED
DEPLOY, START, STOP = ResourceAction
#: What is overdue by less was about to happen anyway.
_PUNCTUAL_S = 0.05


class Late(StrEnum):
    """What becomes of an action that was due while nobody was there."""

    RUN = "run"
    SKIP = "skip"
    FAIL = "fail"


@dataclass(slots=True, kw_only=True)
class Remembered:
    """One resource as it was. *moves*: (seconds, old, new) in order; *acts*: what was last intended
    outside, by kind; *values*: formatted.
    """

    guid: int
    rtype: str
    label: str = ""
    reason: str = ""
    group: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    connections: tuple[int, ...] = ()
    conditions: tuple[Condition, ...] = ()
    traces: dict[str, bool] = field(default_factory=dict)
    moves: tuple[tuple[float, ResourceState, ResourceState], ...] = ()
    acts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A setting that waits: *name* of *guid* becomes *value* after *group* reached *state*."""

    guid: int
    name: str
    value: str
    group: tuple[int, ...]
    state: ResourceState
    delay: float


@dataclass(slots=True, kw_only=True)
class Adoption:
    """What came of it. *lost*: (resource, why); *late*: (resource, action, seconds overdue)."""

    adopted: list[int] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)
    late: list[tuple[int, ResourceAction, float]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def adopt(
    ec: "ExperimentController",
    resources: Iterable[Remembered],
    *,
    groups: dict[int, bool],
    awaited: Iterable[Awaited] = (),
    late: Late = Late.RUN,
    begun: Callable[[], None] = lambda: None,
    goes_on: bool = True,
) -> Adoption:
    """Make *ec*, which has described nothing yet, go on with what these resources were doing.

    *groups*: id -> whether its members start together. *begun* is called when all is as it was,
    before anything new happens: whoever listens to events subscribes there. *goes_on* False: what
    was pending is not armed; it is all to be released. Raises NepishellError when the description
    cannot be made again, as of a type that is not installed here.
    """
    found = Adoption()
    known = {one.guid: one for one in resources}
    for one in known.values():
        describe(ec, one, found)
    for one in known.values():
        relate(ec, one)
    for one in known.values():
        put_on(ec, one, groups)
    begun()
    for rm in _needed_first(ec, list(known)):
        _resume(ec, rm, known[rm.guid].acts, found)
    if goes_on:
        for waiting in awaited:
            _await(ec, waiting, found)
        _arm(ec, found, late)
    return found


def describe(ec: "ExperimentController", one: Remembered, found: Adoption) -> None:
    """Register what was, with its values; *found* gets warnings. Raises NepishellError."""
    ec.register_resource(one.rtype, one.guid, label=one.label or None)
    rm = ec._rm(one.guid)
    for name, value in one.values.items():
        attribute = rm.attribute(name)
        try:
            rm.set(name, attribute.parse(value) if value != "" else None)
        except NepishellError as problem:
            found.warnings.append(f"{rm.name}.{name} is not what it was: {problem}")
    for name, enabled in one.traces.items():
        (rm.enable_trace if enabled else rm.disable_trace)(name)


def relate(ec: "ExperimentController", one: Remembered) -> None:
    """Connect it, and add its conditions."""
    rm = ec._rm(one.guid)
    for other in one.connections:
        if other not in rm._connections and other in ec._life.resources:
            ec.register_connection(one.guid, other)
    for condition in one.conditions:
        group = [guid for guid in condition.group if guid in ec._life.resources]
        if group:
            ec.register_condition(
                one.guid, condition.action, group, condition.state, condition.delay
            )


def put_on(ec: "ExperimentController", one: Remembered, groups: dict[int, bool]) -> None:
    """The state, its history and its group, without any hook."""
    life, rm = ec._life, ec._rm(one.guid)
    with life.lock:
        for at, old, new in one.moves:
            made = life._made[old][new]
            if made is not None:
                made[0] += 1
            rm._state, rm._stamps[new] = new, at
        rm._reason = one.reason
        if one.group is not None:
            group = ec._groups.get(one.group)
            if group is None:
                number = ec._group_ids.generate(one.group)
                group = ec._groups[one.group] = Group(number, together=groups.get(number, True))
            rm._group = group
            group.members.append(rm._guid)
        life.version += 1


def _needed_first(ec: "ExperimentController", guids: list[int]) -> Iterator["ResourceManager"]:
    seen: set[int] = set()
    for guid in guids:
        stack = [(ec._rm(guid), False)]
        while stack:
            rm, expanded = stack.pop()
            if expanded:
                yield rm
            elif rm.guid not in seen:
                seen.add(rm.guid)
                stack.append((rm, True))
                stack.extend((other, False) for other in needs_of(rm) if other.guid not in seen)


def _resume(
    ec: "ExperimentController", rm: "ResourceManager", acts: dict[str, str], found: Adoption
) -> None:
    if (rm._group is None and rm._state is NEW) or rm._state is RELEASED:
        return
    try:
        rm.do_resume(acts)
    except Exception as problem:  # round a hook: the others must be found all the same
        reason = f"lost while nobody was there: {problem}"
        found.lost.append((rm.guid, reason))
        if rm._state < FAILED:
            rm._reason = reason
            ec._life.move(rm, FAILED, reason)
        return
    found.adopted.append(rm.guid)


def _await(ec: "ExperimentController", one: Awaited, found: Adoption) -> None:
    try:
        value = ec._rm(one.guid).attribute(one.name).parse(one.value)
        ec.set_with_conditions(one.name, value, one.guid, one.group, one.state, one.delay)
    except NepishellError as problem:
        found.warnings.append(f"{one.name} of resource {one.guid} will not be set: {problem}")


def _arm(ec: "ExperimentController", found: Adoption, late: Late) -> None:
    """What was pending goes on: deployments, barriers, conditions."""
    life = ec._life
    rms = list(life.resources.values())
    for rm in rms:
        if rm._state is FAILED:
            ec.inform_failure(rm.guid)
    with life.lock:
        for rm in rms:
            if rm._group is not None and rm._state < READY:
                rm._group.waiting += 1
        for rm in rms:
            action = pending(rm)
            if action is None or rm._group is None or rm._group.called_off:
                continue
            if action is START and rm._group.together and rm._group.waiting:
                rm._group.held.append(rm._guid)
                continue
            _arm_one(ec, rm, action, found, late)


def pending(rm: "ResourceManager") -> ResourceAction | None:
    """What the engine itself would do next with *rm*."""
    if rm._state < READY:
        return DEPLOY
    if rm._state is READY:
        return START
    stops = any(condition.action is STOP for condition in rm._conditions or ())
    return STOP if rm._state is STARTED and stops else None


def _arm_one(
    ec: "ExperimentController",
    rm: "ResourceManager",
    action: ResourceAction,
    found: Adoption,
    late: Late,
) -> None:
    life = ec._life
    overdue = _overdue(ec, points_of(rm, action), bool(rm._conditions))
    if overdue > _PUNCTUAL_S:
        found.late.append((rm._guid, action, overdue))
        if late is Late.SKIP:
            return
        if late is Late.FAIL:
            rm._reason = (
                f"{action.name.lower()} was due {format_duration(round(overdue, 3))} ago, "
                f"when nobody was there"
            )
            life._dispatch(rm, FAIL)
            return
    if action is STOP:
        life._arm_stop(rm)
    else:
        life._arm(rm, action)


def _overdue(ec: "ExperimentController", points: list[Point], conditional: bool) -> float:
    """Seconds since all *points* were met and their delays passed; 0 where one is missing."""
    due = 0.0
    for point in points:
        other: Any = ec._life.resources.get(point.guid)
        at = None if other is None or is_lost(other, point) else reached_at(other, point.state)
        if at is None:
            return 0.0
        due = max(due, at + point.delay)
    return max(0.0, ec.clock.now() - due) if conditional and points else 0.0
