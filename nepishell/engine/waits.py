"""Waits: somebody blocks until resources reached a state, and learns whether they did."""

from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from nepishell.core.states import ResourceState

if TYPE_CHECKING:
    from nepishell.engine.resource import ResourceManager
    from nepishell.engine.tasks import Task

# bound once: looking a member up in an Enum class costs more than the comparison
STARTED = ResourceState.STARTED
FAILED = ResourceState.FAILED
RELEASED = ResourceState.RELEASED


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitResult:
    """What became of a wait. True when the goal was reached by all.

    *failed*: guids that can no longer get there; *pending*: those that might have. *reason*: one
    line for people, '' when all is well.
    """

    state: ResourceState
    failed: tuple[int, ...] = ()
    pending: tuple[int, ...] = ()
    timed_out: bool = False
    aborted: bool = False
    reason: str = ""

    @property
    def reached(self) -> bool:
        """Whether all got there."""
        return not self.failed and not self.pending

    def __bool__(self) -> bool:
        return self.reached


class Wait:
    """The engine's side of a wait; changed under its lock only."""

    __slots__ = (
        "aborted", "awaited", "done", "failed", "goal", "in_task", "patient", "pending", "stalled",
        "timed_out", "timer", "undeployed",
    )  # fmt: skip

    def __init__(self, goal: ResourceState, pending: set[int], *, patient: bool) -> None:
        self.goal = goal
        self.pending = pending
        self.failed: list[int] = []
        #: goes on after an abort (a wait for a release does)
        self.patient = patient
        self.done = Event()
        self.timed_out = False
        self.aborted = False
        self.stalled = False
        self.timer: Task | None = None
        #: whether it counts as work of the engine's, which pauses while it waits
        self.in_task = False
        #: those of *pending* that nobody had deployed when it began
        self.undeployed: set[int] = set()
        #: what nobody deployed and it waits for, as far as is known
        self.awaited: int | None = None

    def settle(self, rm: "ResourceManager") -> bool:
        """Take note of where *rm* is now; True when nobody is pending any more."""
        verdict = has_reached(rm, self.goal)
        if verdict is not None:
            self.pending.discard(rm._guid)
            if not verdict:
                self.failed.append(rm._guid)
        return not self.pending


def has_reached(rm: "ResourceManager", goal: ResourceState) -> bool | None:
    """True: it got there. False: it cannot any more. None: it still may.

    FAILED is not "beyond STARTED": what counts is whether it was there before it failed. One that
    was released while it ran has finished.
    """
    state = rm._state
    if state < FAILED:
        return True if state >= goal else None
    if state == goal:
        return True
    if goal >= FAILED:
        return False if state == RELEASED else None
    stamps = rm._stamps
    if state == RELEASED and stamps[FAILED] is None:
        goal = min(goal, STARTED)
    return any(stamp is not None for stamp in stamps[goal:FAILED])
