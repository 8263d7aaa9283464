"""Conditions: "start these 2 s after those are STARTED", and why one can never hold.

Offsets count from the moment the last of the group entered the state (NEPI section 4).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.units import format_duration


@dataclass(frozen=True, slots=True)
class Condition:
    """*action* waits until all of *group* reached *state*, and *delay* seconds more."""

    action: ResourceAction
    group: tuple[int, ...]
    state: ResourceState
    delay: float = 0.0

    def __str__(self) -> str:
        after = f" +{format_duration(self.delay)}" if self.delay else ""
        guids = ",".join(str(guid) for guid in self.group)
        return f"{self.action.name.lower()} after {guids} {self.state.name}{after}"


#: A point in the life of an experiment: this resource enters this state.
Point = tuple[int, ResourceState]

_ENTERED_BY = {
    ResourceAction.DEPLOY: ResourceState.READY,
    ResourceAction.START: ResourceState.STARTED,
    ResourceAction.STOP: ResourceState.STOPPED,
}


def find_cycle(
    guid: int, added: Condition, conditions_of: Callable[[int], Iterable[Condition]]
) -> list[Point] | None:
    """The circle that *added* on *guid* would close, as points; None when there is none.

    An explicit condition is an edge from the point it holds back to the points it waits for;
    each state also waits for the one before it. STOPPED waits for STARTED although a process
    may end by itself, so a stop that waits for its own resource's STOPPED is found too.
    """
    goal = (guid, _ENTERED_BY[added.action])
    stack: list[tuple[Point, list[Point]]] = [
        ((other, added.state), [goal, (other, added.state)]) for other in added.group
    ]
    seen: set[Point] = set()
    while stack:
        point, path = stack.pop()
        if point == goal:
            return path
        if point in seen:
            continue
        seen.add(point)
        stack.extend((before, [*path, before]) for before in _waits_for(point, conditions_of))
    return None


def _waits_for(point: Point, conditions_of: Callable[[int], Iterable[Condition]]) -> list[Point]:
    guid, state = point
    found: list[Point] = []
    if ResourceState.NEW < state <= ResourceState.STOPPED:
        found.append((guid, ResourceState(state - 1)))
    for condition in conditions_of(guid):
        # a stop by condition is not the only way to STOPPED: a process may end by itself
        if _ENTERED_BY[condition.action] is state and state is not ResourceState.STOPPED:
            found.extend((other, condition.state) for other in condition.group)
    return found
