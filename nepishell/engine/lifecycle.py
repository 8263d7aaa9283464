"""The life of resources: the ONLY writer of states.

`move` changes one state: table, stamp, then whoever waited for it (gates, barriers, waits), then
the event. Rules: one lock, held for microseconds; hooks and subscribers never run under it; at
most one hook in flight per resource; what a move costs does not depend on how many resources
exist. Methods named _x want the lock held.
"""

import logging
from collections.abc import Callable, Iterable, Sequence

from nepishell.core.errors import NepishellError, WrongState
from nepishell.core.events import (
    Deployed,
    RunAborted,
    StateChanged,
)
from nepishell.core.states import MOVES, READY_FOR, ResourceAction, ResourceState
from nepishell.engine.clock import Clock
from nepishell.engine.gates import (
    Gate,
    Point,
    Watch,
    is_lost,
    points_of,
    reached_at,
    waited_in_vain,
)
from nepishell.engine.groups import Group
from nepishell.engine.jobs import DEPLOY, FAIL, START, STOP
from nepishell.engine.resource import ResourceManager
from nepishell.engine.scheduler import Scheduler
from nepishell.engine.stories import enter_again
from nepishell.engine.telling import Telling
from nepishell.engine.waits import has_reached

log = logging.getLogger(__name__)

NEW, _, _, READY, STARTED, STOPPED, FAILED, RELEASED = ResourceState
# the tables by number: an IntEnum's hash is a Python function, indexing is not
_LEGAL = [[new in MOVES[old] for new in ResourceState] for old in ResourceState]
#: Resources armed in one go: about a millisecond.
_CHUNK = 256
_ALLOWED = [[state in READY_FOR[action] for state in ResourceState] for action in ResourceAction]
_JOBS = [DEPLOY, START, STOP]
# makes the named tuple at half the price of calling its class; there are six moves per resource
_changed = tuple.__new__


class Lifecycle(Telling):
    """States, gates, barriers and waits of one run."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__(scheduler)
        #: bumped when a guid or a label goes; those that come stand at the end of their tables
        self.withdrawn = 0
        #: [old][new] -> how often that move was made, in a list of one; None: it is not legal
        self._made = [[[0] if legal else None for legal in row] for row in _LEGAL]
        #: resources that were RELEASED when they were removed
        self._removed = 0
        #: what an abort held back
        self._held: list[tuple[ResourceManager, ResourceAction]] = []
        #: whose failure aborted the run, the last time; 0: nobody's
        self.aborted_by = 0
        self._stop_armed: set[int] = set()

    @property
    def clock(self) -> Clock:
        """The run's clock."""
        return self.scheduler.clock

    # -- the one writer --------------------------------------------------------------------

    def move(self, rm: ResourceManager, new: ResourceState, reason: str = "") -> None:
        """Change the state of *rm*; raises WrongState when the table does not allow it."""
        with self.lock:
            self._move(rm, new, reason)

    def move_on(self, rm: ResourceManager, path: Iterable[ResourceState]) -> None:
        """Take *rm* through the states of *path* that it does not have behind it."""
        with self.lock:
            for state in path:
                if rm._state < state:
                    self._move(rm, state, "")

    def _move(self, rm: ResourceManager, new: ResourceState, reason: str) -> None:
        old = rm._state
        made = self._made[old][new]
        if made is None:
            raise WrongState(illegal_move(rm, new))
        made[0] += 1
        now = self._now()
        rm._state = new
        if rm._told is None and rm._stamps[new] is None:
            rm._stamps[new] = now
        else:
            enter_again(rm, new, now)
        self.version += 1
        if self._bus.active:
            self._bus.post(_changed(StateChanged, (now, rm._guid, old, new, reason)))
        if new is FAILED:
            rm._reason = reason
        if rm._watches is not None:
            self._tell_gates(rm, new, now)
        if new >= READY:
            self._on_way(rm, old, new)
        waits = self._waits.get(rm._guid)
        if waits is not None:
            self._tell_waits(rm, waits)

    def _on_way(self, rm: ResourceManager, old: ResourceState, new: ResourceState) -> None:
        """What else follows from reaching READY, STARTED or an end."""
        group = rm._group
        if group is not None and old < READY:
            if new is READY:
                group.held.append(rm._guid)
            self._count_down(group)
        elif new is STARTED and rm._conditions is not None:
            self._arm_stop(rm)
        if new is RELEASED and rm._gates:
            self._give_up(rm)

    def refusal(self, rm: ResourceManager, action: ResourceAction) -> NepishellError:
        """The error of an action that the state of *rm* does not allow."""
        needed = " or ".join(s.name for s in ResourceState if s in READY_FOR[action])
        return WrongState(
            f"resource {rm._guid} ({rm.name}) is {rm._state.name}: "
            f"{action.name.lower()} needs {needed}"
        )

    def _remove(self, rm: ResourceManager) -> None:
        """Forget *rm*, which nothing names any more."""
        del self.resources[rm._guid]
        if rm._group is not None:
            rm._group.lost(self.resources)
        self._removed += rm._state is RELEASED
        self.withdrawn += 1
        self.version += 1

    # -- deployment ------------------------------------------------------------------------

    def deploy(self, rms: list[ResourceManager], group: Group) -> None:
        """Send *rms* on their way; they are NEW or half-way, and in no other deployment."""
        with self.lock:
            for rm in rms:
                if rm._group is not None:  # another thread was quicker
                    raise WrongState(f"resource {rm._guid} ({rm.name}) is being deployed already")
            group.waiting += len(rms)
            group.members += [rm._guid for rm in rms]
            for rm in rms:
                rm._group = group
            self.version += 1
            if self._bus.active:
                guids = tuple(rm._guid for rm in rms)
                self._bus.post(Deployed(self._now(), group.id, guids, group.together))
        # the first hooks run while the rest is armed: the lock is not held for long
        for begin in range(0, len(rms), _CHUNK):
            with self.lock:
                for rm in rms[begin : begin + _CHUNK]:
                    self._arm(rm, ResourceAction.DEPLOY)

    def _arm(self, rm: ResourceManager, action: ResourceAction) -> None:
        """Dispatch *action* of *rm* now, or once what it waits for has happened."""
        free = rm._conditions is None and not rm._needs[action]
        if not free and (points := points_of(rm, action)):
            self._watch(Gate(rm, action, self._pass), points)
        else:
            self._run_action(rm, action)

    def _arm_stop(self, rm: ResourceManager) -> None:
        conditions = rm._conditions or ()
        wanted = any(c.action is ResourceAction.STOP for c in conditions)
        if wanted and rm._guid not in self._stop_armed:
            self._stop_armed.add(rm._guid)
            self._arm(rm, ResourceAction.STOP)

    def _count_down(self, group: Group) -> None:
        group.waiting -= 1
        if (group.waiting and group.together) or group.called_off:
            return
        ready, group.held = group.held, []
        for guid in ready:
            rm = self.resources.get(guid)
            if rm is not None and rm._state is READY:
                self._arm(rm, ResourceAction.START)

    def _run_action(self, rm: ResourceManager, action: ResourceAction) -> None:
        """Nothing holds back *action* any more: dispatch it, unless the run was aborted."""
        if self.aborted():
            self._held.append((rm, action))
        elif _ALLOWED[action][rm._state] and not rm._releasing:
            self._dispatch(rm, _JOBS[action])

    def _pass(self, gate: Gate) -> None:
        """A gate of an action opened."""
        if gate.action is not None:
            self._run_action(gate.rm, gate.action)

    # -- gates -----------------------------------------------------------------------------

    def _watch(self, gate: Gate, points: Iterable[Point]) -> None:
        """Let *gate* open when all *points* were met; at once when nothing is missing."""
        missing: list[Point] = []
        for point in points:
            other = self.resources.get(point.guid)
            at = None
            if other is not None and not is_lost(other, point):
                at = reached_at(other, point.state)
            if at is None:
                missing.append(point)
            else:
                gate.due = max(gate.due, at + point.delay)
        gate.missing = len(missing)
        if not missing:
            self._open(gate)
            return
        self._hold(gate)
        for point in missing:
            guid, state, delay, needed = point
            other = self.resources.get(guid)
            if other is None or is_lost(other, point):
                self._broken(gate, guid, state, needed)
                continue
            if other._group is None:
                self._unanswered.add(guid)
            if other._watches is None:
                other._watches = [Watch(gate, state, delay, needed)]
            else:
                other._watches.append(Watch(gate, state, delay, needed))

    def _tell_gates(self, rm: ResourceManager, new: ResourceState, now: float) -> None:
        watches, rm._watches = rm._watches or [], None
        ended = new >= FAILED
        left: list[Watch] = []
        for watch in watches:
            gate, state, delay, needed = watch
            if state == new or (state <= new and not ended):
                self._met(gate, now + delay)
            elif ended and not needed and (at := reached_at(rm, state)) is not None:
                self._met(gate, at + delay)
            elif ended and not (new is FAILED and state is RELEASED):
                self._broken(gate, rm._guid, state, needed)
            elif not gate.opened:
                left.append(watch)
        if left:
            rm._watches = left + (rm._watches or [])

    def _met(self, gate: Gate, due: float) -> None:
        gate.missing -= 1
        gate.due = max(gate.due, due)
        if not gate.missing:
            self._open(gate)

    def _open(self, gate: Gate) -> None:
        if gate.opened:
            return
        if gate.due > self._now():
            gate.timer = self.scheduler._timer(gate.due, lambda: self._open_now(gate))
            self._hold(gate)
        else:
            self._open_now(gate)

    def _open_now(self, gate: Gate) -> None:
        if not gate.opened:
            self._forget(gate)
            gate.open(gate)

    def _forget(self, gate: Gate) -> None:
        gate.opened = True
        if gate.timer is not None:
            self.scheduler._drop(gate.timer)
        gates = gate.rm._gates
        if gates is not None and gate in gates:
            gates.remove(gate)

    def _hold(self, gate: Gate) -> None:
        """Keep *gate* where `why` and a release find it."""
        if gate.rm._gates is None:
            gate.rm._gates = [gate]
        elif gate not in gate.rm._gates:
            gate.rm._gates.append(gate)

    def _broken(self, gate: Gate, guid: int, state: ResourceState, needed: bool) -> None:
        """A point that can never be met: fatal, unless it was a failure that matters to nobody."""
        if gate.opened:
            return
        other = self.resources.get(guid)
        failed = other is not None and other._state is FAILED
        if failed and not needed and not self.resources[guid].get("critical"):
            self._met(gate, 0.0)
            return
        self._forget(gate)
        if gate.action is not None and gate.rm._state < FAILED and not gate.rm._releasing:
            gate.rm._reason = waited_in_vain(other, guid, state)
            self._dispatch(gate.rm, FAIL)

    def _give_up(self, rm: ResourceManager) -> None:
        for gate in list(rm._gates or ()):
            self._forget(gate)

    def add_watch(
        self, rm: ResourceManager, points: Sequence[Point], then: Callable[[Gate], None], what: str
    ) -> Gate:
        """Call *then* under the lock once all *points* were met; it must only dispatch.

        *what*: how people call that.
        """
        gate = Gate(rm, None, then)
        gate.what, gate.points = what, tuple(points)
        with self.lock:
            self._watch(gate, points)
        return gate

    def touch(self) -> None:
        """The run as a whole changed: a new snapshot is due."""
        with self.lock:
            self.version += 1

    def waiting_for(self, guid: int) -> list[tuple[ResourceAction | None, list[Point], float]]:
        """What holds back the actions of resource *guid*: action, missing points, due time."""
        with self.lock:
            rm = self.resources[guid]
            return [(gate.action, self._unmet(gate), gate.due) for gate in rm._gates or ()]

    def _unmet(self, gate: Gate) -> list[Point]:
        points = points_of(gate.rm, gate.action) if gate.action is not None else []
        return [p for p in points if has_reached(self.resources[p.guid], p.state) is not True]

    # -- conditions that come late ---------------------------------------------------------

    def recheck(self, rm: ResourceManager, action: ResourceAction, *, added: bool) -> None:
        """A condition was *added* to *rm*, or taken away: hold back, or arm, what it concerns."""
        with self.lock:
            for gate in list(rm._gates or ()):
                if gate.action is action:
                    self._forget(gate)
                    # without a condition nothing stops it
                    if action is not ResourceAction.STOP or points_of(rm, action):
                        self._arm(rm, action)
                    return
            if not added:
                return
            if action is ResourceAction.STOP and rm._state is STARTED:
                self._stop_armed.discard(rm._guid)
                self._arm_stop(rm)
            elif action is ResourceAction.START and rm._state is STOPPED:
                self._arm(rm, action)

    # -- failure ---------------------------------------------------------------------------

    def abort(self, guid: int) -> None:
        """The failure of *guid* aborted the run: whoever waits for a state is told."""
        with self.lock:
            self.aborted_by = guid
            self.version += 1
            self._bus.post(RunAborted(self._now(), guid))
            for wait in {wait for waits in self._waits.values() for wait in waits}:
                if not wait.patient:
                    wait.aborted = True
                    self._finish(wait)

    def resume(self) -> None:
        """The abort is over: dispatch what it held back."""
        with self.lock:
            held, self._held = self._held, []
            self.version += 1
            for rm, action in held:
                # a condition or the end of a peer may have come meanwhile
                if rm._state < FAILED and not rm._releasing:
                    self._arm(rm, action)


def illegal_move(rm: ResourceManager, new: ResourceState) -> str:
    """The error of a move that the table does not have, with what would be possible."""
    possible = ", ".join(s.name for s in ResourceState if s in MOVES[rm._state]) or "nothing"
    return (
        f"resource {rm._guid} ({rm.name}) is {rm._state.name}: it cannot become {new.name}"
        f" (from {rm._state.name}: {possible})"
    )
