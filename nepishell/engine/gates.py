"""Gates: an action of one resource, held back until others reached states, and a while longer.

A gate counts what is missing; the life cycle tells it of each point that was met. Nothing looks
twice: each point is met once, from the index of the resource that moves.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.waits import has_reached

if TYPE_CHECKING:
    from nepishell.core.events import SettingAwaited
    from nepishell.engine.resource import ResourceManager
    from nepishell.engine.tasks import Task

# bound once: looking a member up in an Enum class costs more than the comparison
STARTED, STOPPED = ResourceState.STARTED, ResourceState.STOPPED
FAILED, RELEASED = ResourceState.FAILED, ResourceState.RELEASED


class Point(NamedTuple):
    """One resource has to reach one state, and *delay* seconds more.

    *needed*: it is a declared peer, so its failure is ours; otherwise its criticality decides.
    """

    guid: int
    state: ResourceState
    delay: float
    needed: bool


class Gate:
    """*open* is called, under the engine's lock, when nothing is missing and *due* has come."""

    __slots__ = (
        "action",
        "due",
        "missing",
        "open",
        "opened",
        "points",
        "rm",
        "timer",
        "told",
        "what",
    )

    def __init__(
        self, rm: "ResourceManager", action: ResourceAction | None, open_: Callable[["Gate"], None]
    ) -> None:
        self.rm = rm
        self.action = action
        self.open = open_
        self.missing = 0
        self.due = 0.0
        #: opened or given up: whatever comes later is ignored
        self.opened = False
        self.timer: Task | None = None
        #: of a gate without an action that people should see: what it does, and for whom it waits
        self.what = ""
        self.points: tuple[Point, ...] = ()
        #: of a setting that waits: what was told of it
        self.told: SettingAwaited | None = None


class Watch(NamedTuple):
    """What the index of a resource holds: this gate waits for this state of it."""

    gate: Gate
    state: ResourceState
    delay: float
    needed: bool


def points_of(rm: "ResourceManager", action: ResourceAction) -> list[Point]:
    """What *action* of *rm* waits for: its declared peers and the user's conditions."""
    found = [
        Point(other._guid, state, 0.0, True)
        for peer, state in rm._needs[action]
        for other in rm.get_peers(peer)
    ]
    for condition in rm._conditions or ():
        if condition.action is action:
            found += [Point(g, condition.state, condition.delay, False) for g in condition.group]
    return found


def reached_at(rm: "ResourceManager", state: ResourceState) -> float | None:
    """When *rm* first had *state* behind it (seconds on the run's clock); None when it has not.

    A state that was skipped counts from the next one that was entered (bug B9).
    """
    now = rm._state
    if now < FAILED and now < state:
        return None  # it may have been there, and was started again since
    at = rm._stamps[state]
    if at is None and state is STOPPED and now is RELEASED and rm._stamps[FAILED] is None:
        # one that was released while it ran has finished
        return None if rm._stamps[STARTED] is None else rm._stamps[RELEASED]
    if at is not None or state >= FAILED:
        return at
    for stamp in rm._stamps[state + 1 : FAILED]:
        if stamp is not None:
            return stamp
    return None


def is_lost(rm: "ResourceManager", point: Point) -> bool:
    """Whether *point* cannot be met any more; a peer that ended serves nobody."""
    if point.needed and rm._state >= FAILED > point.state:
        return True
    return has_reached(rm, point.state) is False


def waited_in_vain(other: "ResourceManager | None", guid: int, state: ResourceState) -> str:
    """Why a resource fails whose action waited for *state* of *other*."""
    if other is None:
        return f"waited for resource {guid} {state.name}, which was removed"
    why = f": {other._reason}" if other._reason and other._state is FAILED else ""
    return f"waited for {guid} ({other.name}) {state.name}, which is {other._state.name}{why}"
