"""What would happen: the experiment again, with stand-ins for its resources, on a virtual clock.

A twin is built from the description and the states of now; its resources have the same peers,
conditions and groups, and hooks that do nothing but take the time they are said to take. It runs
until nothing is left to happen. The real experiment is read and never touched, and goes on.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple, Protocol

from nepishell.core.errors import NepishellError, WrongState
from nepishell.core.events import Event, StateChanged
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.causes import Causes, Step
from nepishell.engine.clock import VirtualClock
from nepishell.engine.controller import ExperimentController
from nepishell.engine.gates import Gate
from nepishell.engine.groups import Group
from nepishell.engine.jobs import DEPLOY, RELEASE, START, STOP, Job
from nepishell.engine.reasons import Fact, Kind, hook_of, reasons
from nepishell.engine.resource import ResourceManager
from nepishell.engine.standin import StandIn

NEW, READY, STARTED = ResourceState.NEW, ResourceState.READY, ResourceState.STARTED
STOPPED, FAILED, RELEASED = ResourceState.STOPPED, ResourceState.FAILED, ResourceState.RELEASED
_JOBS: dict[ResourceState, Job] = {READY: DEPLOY, STARTED: START, STOPPED: STOP}


class Estimates(Protocol):
    """How long things are expected to take, in seconds; None where nothing is known."""

    def takes(self, rm: ResourceManager, goal: ResourceState) -> float | None:
        """From the beginning of its hook until *rm* is READY, STARTED or STOPPED."""

    def runs(self, rm: ResourceManager) -> float | None:
        """From STARTED until it stops by itself; None: until it is stopped."""


class Rehearsal(NamedTuple):
    """*began*: seconds on the run's clock. *steps*: in the order in which they would come.

    *refused*: guid -> why it cannot be deployed. *stuck*: what would still be waiting when nothing
    is left to happen.
    """

    began: float
    steps: list[Step]
    refused: dict[int, str]
    stuck: list[Fact]


def rehearse(
    ec: ExperimentController,
    guids: Iterable[int] = (),
    estimates: Estimates | None = None,
    *,
    together: bool = True,
) -> Rehearsal:
    """What would happen from now on if *guids* were deployed. Nothing is touched.

    Resources that cannot be deployed are named in the answer, and left out. Raises UnknownName.
    """
    chosen = [ec._rm(guid).guid for guid in dict.fromkeys(guids)]
    clock = VirtualClock()
    began = ec.clock.now()
    clock.jump(began)
    with ExperimentController(clock=clock, nthreads=1, seed=0) as twin:
        try:
            return _Stage(ec, twin, began, estimates).play(chosen, together=together)
        finally:
            # stand-ins hold nothing that a shutdown would have to give back
            twin._life.resources.clear()


class _Stage:
    """One rehearsal."""

    def __init__(
        self,
        ec: ExperimentController,
        twin: ExperimentController,
        began: float,
        estimates: Estimates | None,
    ) -> None:
        self._real = ec
        self._twin = twin
        self._life = twin._life
        self._began = began
        self._estimates = estimates
        self._classes: dict[type[ResourceManager], type[StandIn]] = {}
        self._cast: list[StandIn] = []
        self._moves: list[StateChanged | Step] = []

    def play(self, chosen: list[int], *, together: bool) -> Rehearsal:
        """Build, deploy, run to the end."""
        self._build()
        fit, refused = self._sort_out(chosen)
        self._twin.bus.subscribe(self._see)
        self._twin.fm._abort = self._real.abort
        self._life.aborted_by = self._real._life.aborted_by
        with self._life.lock:
            for rm in self._cast:
                self._resume(rm)
        for rm in self._cast:
            self._await_settings(rm)
        self._let_end()
        if fit:
            number = self._twin._group_ids.generate(None)
            self._life.deploy(fit, Group(number, together=together))
        with suppress(WrongState):  # nothing is left to happen: that is the end
            self._twin.wait([rm.guid for rm in self._cast], RELEASED)
        self._twin.bus.drain()
        causes = Causes(self._life, self._began)
        steps = [m if isinstance(m, Step) else causes.of(m) for m in self._moves]
        return Rehearsal(self._began, steps, refused, list(self._stuck(fit)))

    def _see(self, event: Event | Step) -> None:
        if isinstance(event, Step) or (isinstance(event, StateChanged) and event.new >= READY):
            self._moves.append(event)

    # -- the cast --------------------------------------------------------------------------

    def _build(self) -> None:
        life = self._real._life
        # states of one moment; all the rest changes only by design commands
        with life.lock:
            now = [(rm, rm._state, list(rm._stamps), hook_of(rm)) for rm in life.resources.values()]
        for rm, state, stamps, hook in now:
            stand_in = self._stand_in(rm)
            stand_in._state, stand_in._stamps = state, stamps
            for goal in _JOBS:
                stand_in.takes[goal] = self._estimate(rm, goal)
            if hook is not None and hook.state is not None and hook.at is not None:
                self._shorten(stand_in, hook.state, self._began - hook.at)
            self._cast.append(stand_in)
        for number in {rm._group.id for rm, *_ in now if rm._group is not None}:
            self._twin._group_ids.generate(number)
        self._regroup()

    def _stand_in(self, rm: ResourceManager) -> StandIn:
        found = self._class_of(type(rm))(self._twin, rm._guid)
        found.original = rm
        found.takes = {}
        found.runs = self._estimates.runs(rm) if self._estimates is not None else None
        found._values = dict(rm._values) if rm._values is not None else None
        found._connections = dict(rm._connections)
        found._conditions = list(rm._conditions) if rm._conditions else None
        found._label, found._reason = rm._label, rm._reason
        self._life.resources[rm._guid] = found
        return found

    def _class_of(self, rclass: type[ResourceManager]) -> type[StandIn]:
        found = self._classes.get(rclass)
        if found is None:
            found = self._classes[rclass] = type("StandIn", (StandIn,), {"rtype": rclass.rtype})
            for name in ("_attributes", "_traces", "_peers", "_rtypes", "_needs", "_required"):
                setattr(found, name, getattr(rclass, name))
        return found

    def _estimate(self, rm: ResourceManager, goal: ResourceState) -> float | None:
        return self._estimates.takes(rm, goal) if self._estimates is not None else None

    def _shorten(self, rm: StandIn, goal: ResourceState, passed: float) -> None:
        whole = rm.takes.get(goal)
        if whole is not None:
            rm.takes[goal] = max(0.0, whole - passed)

    def _regroup(self) -> None:
        groups: dict[int, Group] = {}
        for rm in self._cast:
            real = rm.original._group
            if real is None:
                continue
            group = groups.setdefault(real.id, Group(real.id, together=real.together))
            group.called_off = real.called_off
            group.members.append(rm._guid)
            group.waiting += rm._state < READY
            if rm._state is READY:
                group.held.append(rm._guid)
            rm._group = group

    def _sort_out(self, chosen: list[int]) -> tuple[list[ResourceManager], dict[int, str]]:
        fit, refused = [], {}
        for guid in chosen:
            try:
                self._twin.check_deployable(guid)
            except NepishellError as problem:
                refused[guid] = str(problem)
            else:
                fit.append(self._twin._rm(guid))
        return fit, refused

    # -- going on from now, with the lock held -----------------------------------------------

    def _resume(self, rm: StandIn) -> None:
        real, state = rm.original, rm._state
        if real._releasing:
            rm._releasing = True
            if state is not RELEASED:
                self._life._dispatch(rm, RELEASE)
            return
        hook = hook_of(real)
        if hook is not None and hook.state is not None and hook.state in _JOBS:
            self._life._dispatch(rm, _JOBS[hook.state])
        elif rm._group is not None and state < READY:
            self._life._arm(rm, ResourceAction.DEPLOY)
        elif state is READY and rm._group is not None:
            if not (rm._group.called_off or (rm._group.waiting and rm._group.together)):
                self._life._arm(rm, ResourceAction.START)
        else:
            self._resume_running(rm)

    def _resume_running(self, rm: StandIn) -> None:
        if rm._state is STARTED:
            self._life._arm_stop(rm)
        for gate in list(rm.original._gates or ()):
            if gate.action is ResourceAction.START and rm._state is STOPPED:
                self._life._arm(rm, gate.action)

    def _await_settings(self, rm: StandIn) -> None:
        """Without the lock."""
        for gate in list(rm.original._gates or ()):
            if gate.what:
                self._life.add_watch(rm, gate.points, self._set, gate.what)

    def _set(self, gate: Gate) -> None:
        point, rm = gate.points[0], gate.rm
        guids = tuple(point.guid for point in gate.points)
        step = Step(
            self._life.clock.now(), rm._guid, rm._state, Kind.SETTING, guids, point.state,
            point.delay, 0.0, gate.what,
        )  # fmt: skip
        # by the way that moves take, so that it comes in its place among them
        self._twin.bus.post(step)  # type: ignore[arg-type]  # nobody but us listens to a twin

    def _let_end(self) -> None:
        """What runs, and is known to end, has the rest of its time left; without the lock."""
        for rm in self._cast:
            if rm._state is STARTED and rm.runs is not None and not rm._releasing:
                rm.end_after((rm._stamps[STARTED] or 0.0) + rm.runs - self._began)

    # -- afterwards ------------------------------------------------------------------------

    def _stuck(self, fit: list[ResourceManager]) -> Iterator[Fact]:
        """What still waits at the end."""
        begun = {rm._guid for rm in fit}
        waits = {Kind.PEER, Kind.CONDITION, Kind.BARRIER, Kind.ABORTED, Kind.SETTING}
        for rm in self._cast:
            if rm._group is None and rm._guid not in begun:
                continue
            yield from (fact for fact in reasons(self._twin, rm._guid) if fact.kind in waits)
