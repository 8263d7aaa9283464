"""An experiment as plain values: what is saved, and how a controller is filled with it again.

States, times, groups and what was measured are kept for whoever reads the file; an experiment that
is loaded is described, and everything in it is NEW. Secrets are never saved.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from nepishell.core.attributes import Flags, Value
from nepishell.core.conditions import Condition
from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.resource import ResourceManager
from nepishell.formats.topology import Topology, netgraph_of, topology_of

NEW = ResourceState.NEW


class Setting(NamedTuple):
    """An attribute that is to be set once all of *group* reached *state*, and *delay* seconds more.

    *value* as a person writes it.
    """

    name: str
    value: str
    group: tuple[int, ...]
    state: ResourceState
    delay: float = 0.0


@dataclass(slots=True, kw_only=True)
class Saved:
    """One resource. *times*: when it entered its states, seconds after the run began; *reported*:
    values that only it can set; *place*: where in a file it stands, for messages.
    """

    guid: int
    rtype: str
    label: str = ""
    state: ResourceState = NEW
    reason: str = ""
    group: int | None = None
    times: dict[ResourceState, float] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    reported: dict[str, Value] = field(default_factory=dict)
    connections: list[int] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    traces: dict[str, bool] = field(default_factory=dict)
    place: str = field(default="", compare=False)


@dataclass(slots=True, kw_only=True)
class Description:
    """All of it. *topology*: the graph that it was described by. *groups*: number of a deployment
    -> whether its members started together.
    """

    exp_id: str
    run_id: str = ""
    nthreads: int | None = None
    local_dir: str = ""
    seed: int | None = None
    began: datetime | None = None
    topology: Topology | None = None
    groups: dict[int, bool] = field(default_factory=dict)
    resources: list[Saved] = field(default_factory=list)


def describe(ec: ExperimentController) -> Description:
    """What *ec* holds now."""
    return Description(
        exp_id=ec.exp_id,
        run_id=ec.run_id,
        nthreads=ec.nthreads,
        local_dir=str(ec.local_dir),
        seed=ec.seed,
        began=ec.clock.date(0.0),
        topology=topology_of(ec.netgraph),
        groups={number: group.together for number, group in list(ec._groups.items())},
        resources=[_saved(rm) for rm in list(ec.managers.values())],
    )


def _saved(rm: ResourceManager) -> Saved:
    values: dict[str, Value] = {}
    reported: dict[str, Value] = {}
    for name, value in dict(rm._values or ()).items():
        attribute = rm._attributes[name]
        if attribute.has_flag(Flags.Credential) or attribute.has_flag(Flags.NoRead):
            continue
        if attribute.has_flag(Flags.NoWrite):
            reported[name] = value
        elif value != attribute.default or type(value) is not type(attribute.default):
            values[name] = value
    stamps = rm._stamps
    return Saved(
        guid=rm._guid,
        rtype=rm.rtype,
        label=rm._label,
        state=rm._state,
        reason=rm._reason,
        group=rm.deployment_group,
        # what was never deployed has no times: that of NEW is the beginning of the run
        times={s: round(at, 6) for s in ResourceState if s and (at := stamps[s]) is not None},
        values=values,
        reported=reported,
        connections=list(rm._connections),
        conditions=list(rm._conditions or ()),
        settings=[
            Setting(told.name, told.value, told.group, told.state, told.delay)
            for gate in list(rm._gates or ())
            if (told := gate.told) is not None
            and not gate.opened
            and not rm._attributes[told.name].has_flag(Flags.Credential)
        ],
        traces=dict(rm._enabled or ()),
    )


def fill(ec: ExperimentController, found: Description) -> None:
    """Describe in *ec* what was saved; everything is NEW.

    Raises NepishellError with the place of what is wrong; what was added before that stays, so
    call it within ec.recording(), or throw *ec* away.
    """
    netgraph = netgraph_of(found.topology) if found.topology is not None else None
    for one in found.resources:
        _add(ec, one)
    places = {one.guid: one.place for one in found.resources}
    for one in found.resources:
        for other in one.connections:
            if other not in places:
                raise BadValue(f"{one.place}: resource {one.guid} is connected to {other}, which is"
                               " not in the file")  # fmt: skip
    for one_guid, other in in_order(found.resources):
        _at(places[one_guid], ec.register_connection, one_guid, other)
    for one in found.resources:
        for held in one.conditions:
            _at(one.place, ec.register_condition, one.guid, held.action, held.group, held.state,
                held.delay)  # fmt: skip
        for late in one.settings:
            _at(one.place, ec.set_with_conditions, late.name, late.value, one.guid, late.group,
                late.state, late.delay)  # fmt: skip
    if netgraph is not None:
        ec._netgraph = netgraph


def _add(ec: ExperimentController, one: Saved) -> None:
    try:
        ec.register_resource(one.rtype, one.guid, label=one.label or None)
        for name, value in one.values.items():
            ec.set(one.guid, name, value)
        for name, on in one.traces.items():
            (ec.enable_trace if on else ec.disable_trace)(one.guid, name)
    except NepishellError as problem:
        raise BadValue(f"{one.place}: {problem}") from None


def _at(place: str, act: Callable[..., object], *args: object) -> None:
    try:
        act(*args)
    except NepishellError as problem:
        raise BadValue(f"{place}: {problem}") from None


def in_order(resources: Iterable[Saved]) -> Iterator[tuple[int, int]]:
    """Each connection once, so that every resource gets its own in the order it had them.

    The order matters: a link's first end is its first. Orders that contradict each other, which
    no controller makes but a person may write, are followed as far as possible.
    """
    left = {one.guid: deque(one.connections) for one in resources}
    had = {guid: set(others) for guid, others in left.items()}
    for guid, others in had.items():
        for other in others:
            # NEPI also saved connections that only one side had
            if other in had and guid not in had[other]:
                left[other].append(guid)
    done: set[tuple[int, int]] = set()
    ready = list(left)
    for guid in ready:  # grows while it is gone through
        for pair in _next_of(guid, left, done, force=False):
            yield pair
            ready.append(pair[1])
    for guid in left:
        yield from _next_of(guid, left, done, force=True)


def _next_of(
    guid: int, left: dict[int, deque[int]], done: set[tuple[int, int]], *, force: bool
) -> Iterator[tuple[int, int]]:
    """The connections of *guid* as long as each is the next one of both, or all that are left."""
    mine = left[guid]
    while mine:
        other = mine[0]
        theirs = left[other]
        if (other, guid) in done:
            mine.popleft()
            continue
        while theirs and (theirs[0], other) in done:
            theirs.popleft()
        if not force and theirs and theirs[0] != guid:
            return
        done.update(((guid, other), (other, guid)))
        mine.popleft()
        yield guid, other
