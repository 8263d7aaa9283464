"""Why a move of a rehearsal came when it came: what its resource waited for last."""

from typing import NamedTuple

from nepishell.core.events import StateChanged
from nepishell.core.states import GOAL_OF, ResourceState
from nepishell.engine.gates import points_of, reached_at
from nepishell.engine.groups import Group
from nepishell.engine.lifecycle import Lifecycle
from nepishell.engine.reasons import Kind
from nepishell.engine.standin import StandIn

READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED
FAILED, RELEASED = ResourceState.FAILED, ResourceState.RELEASED
_ACTIONS = {goal: action for action, goal in GOAL_OF.items()}


class Step(NamedTuple):
    """One move that would happen. *at*: seconds on the run's clock; *takes*: None for unknown.

    *because*: what it waited for last: PEER, CONDITION, BARRIER (of *guids*, which were in
    *state*, *delay* seconds before; of a barrier those that came last), RUNNING (it ends by
    itself), FAILED, or None: nothing. SETTING: no move, *text* says what is set of one in *new*.
    """

    at: float
    guid: int
    new: ResourceState
    because: Kind | None = None
    guids: tuple[int, ...] = ()
    state: ResourceState | None = None
    delay: float = 0.0
    takes: float | None = None
    text: str = ""


class Causes:
    """Of what happened in the twin that lives *life*, which began at *began*."""

    def __init__(self, life: Lifecycle, began: float) -> None:
        self._life = life
        self._began = began

    def of(self, move: StateChanged) -> Step:
        """The step that *move* was."""
        at, guid, _, new, reason = move
        rm = self._life.resources[guid]
        assert isinstance(rm, StandIn)
        if new is FAILED:
            return Step(at, guid, new, Kind.FAILED, text=reason)
        if new is RELEASED:
            return Step(at, guid, new, Kind.RELEASING)
        takes = rm.takes.get(new)
        cause = self._cause(rm, new, at - (takes or 0.0))
        return cause._replace(at=at, takes=takes)

    def _cause(self, rm: StandIn, new: ResourceState, due: float) -> Step:
        """What *rm* waited for last before its hook began at *due*."""
        latest: dict[tuple[Kind, ResourceState, float], list[int]] = {}
        last = self._began
        for point in points_of(rm, _ACTIONS[new]):
            reached = reached_at(self._life.resources[point.guid], point.state)
            when = (reached if reached is not None else -1.0) + point.delay
            if when > due + 1e-9 or when < last:
                continue
            if when > last:
                last, latest = when, {}
            kind = Kind.PEER if point.needed else Kind.CONDITION
            latest.setdefault((kind, point.state, point.delay), []).append(point.guid)
        group = rm._group
        if new is STOPPED and not any(kind is Kind.CONDITION for kind, _, _ in latest):
            return Step(0.0, rm._guid, new, Kind.RUNNING, delay=rm.runs or 0.0)
        if new is STARTED and group is not None and group.together and not latest:
            return Step(0.0, rm._guid, new, Kind.BARRIER, self._last_of(group), READY)
        # a condition is what the user said, so it explains more than the type's own needs
        for kind, state, delay in sorted(latest, key=lambda key: key[0] is not Kind.CONDITION):
            guids = tuple(latest[kind, state, delay])
            return Step(0.0, rm._guid, new, kind, guids, state, delay)
        return Step(0.0, rm._guid, new)

    def _last_of(self, group: Group) -> tuple[int, ...]:
        """Who was READY last; nobody when all were at the same time."""
        stamps = {guid: self._life.resources[guid]._stamps[READY] or 0.0 for guid in group.members}
        latest = max(stamps.values())
        last = tuple(guid for guid, at in stamps.items() if at == latest)
        return last if len(last) < len(stamps) else ()
