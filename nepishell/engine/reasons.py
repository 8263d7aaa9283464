"""Why a resource is in its state, and what it waits for: the facts, one value each.

Everything is read from what the engine keeps anyway (gates, barriers, queues, stamps), so asking
costs the one who asks, and a run in which nobody asks pays nothing. `chain` follows the facts from
one resource to those it waits for.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from nepishell.core.states import GOAL_OF, ResourceAction, ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.controller import ExperimentController
from nepishell.engine.gates import Gate, points_of
from nepishell.engine.resource import ResourceManager
from nepishell.engine.waits import has_reached

NEW, READY, STARTED = ResourceState.NEW, ResourceState.READY, ResourceState.STARTED
STOPPED, FAILED, RELEASED = ResourceState.STOPPED, ResourceState.FAILED, ResourceState.RELEASED


class Kind(StrEnum):
    """What sort of fact it is."""

    UNDEPLOYED = "undeployed"  # nobody deployed it
    ABORTED = "aborted"  # the run is aborted: nothing goes on by itself
    HOOK = "hook"  # a hook of it runs
    LATER = "later"  # a hook of it ended; what it began has not come about yet
    QUEUED = "queued"  # its turn has come, and all workers are busy
    PEER = "peer"  # its type declares that it needs these first
    CONDITION = "condition"  # a condition of the user is not met
    DUE = "due"  # all is met, and the delay passes
    SETTING = "setting"  # an attribute is to be set once others are so far
    BARRIER = "barrier"  # not all of its deployment are ready
    FREE = "free"  # nothing holds it back
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    RELEASING = "releasing"
    RELEASED = "released"


class Fact(NamedTuple):
    """One fact about resource *guid*.

    *guids*: the others it is about; they shall reach *state*. *at*: since when, or for DUE when,
    in seconds on the run's clock. *text*: the hook, the reason of a failure, or what is to be
    set; then *state* is None when only the delay is left. *depth*: steps
    from the resource that was asked for.
    """

    guid: int
    kind: Kind
    action: ResourceAction | None = None
    guids: tuple[int, ...] = ()
    state: ResourceState | None = None
    at: float | None = None
    text: str = ""
    depth: int = 0


#: The facts that point at somebody else.
_FOLLOWED = frozenset({Kind.PEER, Kind.CONDITION, Kind.BARRIER, Kind.FAILED, Kind.RELEASING})


def reasons(ec: ExperimentController, guid: int) -> list[Fact]:
    """The facts about one resource, the most important first; raises UnknownName."""
    rm = ec._rm(guid)
    with ec._life.lock:
        return list(_reasons(ec, rm))


def chain(ec: ExperimentController, guid: int, depth: int = 4, width: int = 3) -> list[Fact]:
    """The facts about *guid*, each followed by those about whom it waits for, in depth first order.

    At most *depth* steps, and *width* resources of each fact; nobody twice. A run that is aborted
    is told first; the resource whose failure did it is among the guids of that fact.
    """
    found: list[Fact] = []
    _follow(ec, guid, 0, depth, width, {guid}, found)
    return found


def _follow(
    ec: ExperimentController,
    guid: int,
    step: int,
    depth: int,
    width: int,
    seen: set[int],
    found: list[Fact],
) -> None:
    for fact in reasons(ec, guid):
        found.append(fact._replace(depth=step))
        if step == depth or fact.kind not in _FOLLOWED:
            continue
        fresh = [other for other in fact.guids if other not in seen and ec.get_resource(other)]
        for other in fresh[:width]:
            seen.add(other)
            _follow(ec, other, step + 1, depth, width, seen, found)


def hook_of(rm: ResourceManager) -> Fact | None:
    """What a hook of *rm* does now: runs, or has promised its move for later; None when nothing."""
    job, since, state = rm._hook, rm._since, rm._state
    goal = job.goal if job is not None else None
    entered = rm._stamps[goal] if goal is not None else None
    if job is None or goal is None or (entered is not None and entered >= since):
        # one that has STARTED is only about to leave the hook that started it
        queued = rm._queue is not None and state < STARTED
        return Fact(rm._guid, Kind.QUEUED) if queued else None
    if state >= FAILED > goal:
        return None
    kind = Kind.LATER if rm._queue is None else Kind.HOOK
    return Fact(rm._guid, kind, state=goal, at=since, text=job.hook)


# -- with the lock held ----------------------------------------------------------------------


def _reasons(ec: ExperimentController, rm: ResourceManager) -> Iterator[Fact]:
    state = rm._state
    if state is RELEASED:
        yield Fact(rm._guid, Kind.RELEASED, at=rm._stamps[RELEASED], text=rm._reason)
        return
    hook = hook_of(rm)
    if rm._releasing:
        users = tuple(_users(ec, rm))
        yield Fact(rm._guid, Kind.RELEASING, guids=users, state=RELEASED)
    if hook is not None:
        yield hook
    if rm._releasing:
        return
    if state is FAILED:
        culprits = tuple(dict.fromkeys(_culprits(ec, rm)))
        yield Fact(rm._guid, Kind.FAILED, None, culprits, None, rm._stamps[FAILED], rm._reason)
        return
    if state in (STARTED, STOPPED):
        kind = Kind.RUNNING if state is STARTED else Kind.STOPPED
        yield Fact(rm._guid, kind, at=rm._stamps[state], text=rm.concern)
    held = list(_held_back(ec, rm))
    yield from held
    if hook is None and state < STARTED and all(fact.kind is Kind.SETTING for fact in held):
        yield from _idle(rm)


def _held_back(ec: ExperimentController, rm: ResourceManager) -> Iterator[Fact]:
    life = ec._life
    if ec.abort and rm._state < STARTED:
        actions = [action for held, action in life._held if held is rm]
        by = (life.aborted_by,) if life.aborted_by else ()
        text = life.resources[by[0]]._reason if by and by[0] in life.resources else ""
        action = actions[0] if actions else None
        yield Fact(rm._guid, Kind.ABORTED, action, by, None, None, text)
    for gate in rm._gates or ():
        # what is due does not come about in a run that is aborted
        yield from (fact for fact in _gate(ec, gate) if not ec.abort or fact.kind is not Kind.DUE)
    group = rm._group
    if rm._state is READY and group is not None and group.together and group.waiting:
        rms = (life.resources.get(guid) for guid in group.members)
        late = tuple(other._guid for other in rms if other is not None and other._state < READY)
        yield Fact(rm._guid, Kind.BARRIER, ResourceAction.START, late, READY)


def _gate(ec: ExperimentController, gate: Gate) -> Iterator[Fact]:
    rm, action = gate.rm, gate.action
    if action is None:
        yield from _setting(ec, gate)
        return
    unmet: dict[tuple[Kind, ResourceState], list[int]] = {}
    for point in points_of(rm, action):
        if has_reached(ec._life.resources[point.guid], point.state) is not True:
            kind = Kind.PEER if point.needed else Kind.CONDITION
            unmet.setdefault((kind, point.state), []).append(point.guid)
    for (kind, state), guids in unmet.items():
        yield Fact(rm._guid, kind, action, tuple(guids), state)
    if not unmet:
        yield Fact(rm._guid, Kind.DUE, action, at=gate.due)


def _setting(ec: ExperimentController, gate: Gate) -> Iterator[Fact]:
    unmet = [
        point
        for point in gate.points
        if has_reached(ec._life.resources[point.guid], point.state) is not True
    ]
    guids = tuple(point.guid for point in unmet)
    if unmet:
        delay = f" {format_duration(unmet[0].delay)} later" if unmet[0].delay else ""
        text = gate.what + delay
        yield Fact(gate.rm._guid, Kind.SETTING, None, guids, unmet[0].state, None, text)
    elif gate.what:
        yield Fact(gate.rm._guid, Kind.SETTING, at=gate.due, text=gate.what)


def _idle(rm: ResourceManager) -> Iterator[Fact]:
    if rm._group is None and rm._state < READY:
        yield Fact(rm._guid, Kind.UNDEPLOYED, ResourceAction.DEPLOY)
    else:
        action = ResourceAction.START if rm._state is READY else ResourceAction.DEPLOY
        yield Fact(rm._guid, Kind.FREE, action, at=rm._stamps[rm._state])


def _users(ec: ExperimentController, rm: ResourceManager) -> Iterator[int]:
    """Who must be released before *rm*."""
    for other in rm.get_connected():
        needs = other._needs[ResourceAction.DEPLOY]
        busy = other._releasing and other._state is not RELEASED
        if busy and any(peer.accepts(rm._rtypes) for peer, _ in needs):
            yield other._guid


def _culprits(ec: ExperimentController, rm: ResourceManager) -> Iterator[int]:
    """Whose end made *rm* fail: those that its next action waited for in vain."""
    for action in ResourceAction:
        if rm._stamps[GOAL_OF[action]] is not None:
            continue
        for point in points_of(rm, action):
            other = ec._life.resources.get(point.guid)
            if other is not None and has_reached(other, point.state) is False:
                yield other._guid
        return
