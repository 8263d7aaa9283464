"""What waits for what: conditions, and the circles in which everybody would wait for ever.

An experiment is ordered by what the user says (conditions), by what types declare (the needs of
peers) and by the barrier of a deployment; a circle may lead through all three.
"""

from dataclasses import astuple
from typing import Any

from nepishell.core.attributes import Attribute, Flags
from nepishell.core.conditions import Condition, find_cycle
from nepishell.core.errors import BadValue, NepishellError, WrongState
from nepishell.core.events import ConditionAdded, ConditionRemoved, SettingAwaited, SettingOver
from nepishell.core.states import ResourceAction, ResourceState, parse_action, parse_state
from nepishell.core.units import parse_duration
from nepishell.engine import described
from nepishell.engine.described import Conditions, LateSetting
from nepishell.engine.gates import Gate, Point, reached_at
from nepishell.engine.parts import Guids, Part
from nepishell.engine.resource import ResourceManager

DEPLOY, START, STOP = _ACTIONS = tuple(ResourceAction)
READY, STARTED, FAILED = ResourceState.READY, ResourceState.STARTED, ResourceState.FAILED
RELEASED = ResourceState.RELEASED


class Ordering(Part):
    """The part of the controller that orders."""

    def register_condition(
        self, guids1: Guids, action: Any, guids2: Guids, state: Any, time: Any = None
    ) -> None:
        """*action* of each of *guids1* waits until all of *guids2* reached *state*, and *time*.

        *time*: seconds or a duration, counted from when the last of them got there. Raises
        BadValue for a condition that could never hold: a circle, a released target.
        """
        wanted = parse_action(action)
        goal = parse_state(state)
        delay = parse_duration(time) if time else 0.0
        targets = self._targets(guids2)
        condition = Condition(wanted, tuple(rm.guid for rm in targets), goal, delay)
        held = self._rms(guids1)
        for rm in held:
            self._check_condition(rm, condition, targets)
        for rm in held:
            self._touch(Conditions(rm))
            with self._life.lock:
                rm._conditions = [*(rm._conditions or ()), condition]
                for target in targets:
                    self._waited.setdefault(target.guid, set()).add(rm.guid)
                self._life.version += 1
                if self._scheduler.bus.active:
                    self._post(ConditionAdded(self._now(), rm.guid, *astuple(condition)))
            self._life.recheck(rm, wanted, added=True)

    def _targets(self, guids: Guids) -> list[ResourceManager]:
        targets = self._rms(guids)
        if not targets:
            raise BadValue("a condition needs at least one resource to wait for")
        return targets

    def _check_condition(
        self, rm: ResourceManager, condition: Condition, targets: list[ResourceManager]
    ) -> None:
        for target in targets:
            if reached_at(target, condition.state) is None and _matters(target):
                raise BadValue(
                    f"{target.name} is {target.state.name}: "
                    f"it will never become {condition.state.name}"
                )
        behind = {
            DEPLOY: rm.deployment_group is not None and rm.state >= READY,
            START: rm.state == STARTED,
            STOP: False,
        }
        if behind[condition.action] or rm.state >= FAILED:
            raise WrongState(f"resource {rm.guid} ({rm.name}) is {rm.state.name} already")
        if rm.guid not in condition.group and not self._is_awaited(rm):
            return
        circle = find_cycle(rm.guid, condition, self._orders)
        if circle:
            raise BadValue(f"this condition would wait for itself: {self._path(circle)}")

    def unregister_condition(
        self, guids1: Guids, action: Any = None, guids2: Guids | None = None
    ) -> None:
        """Take back conditions of *guids1*: all, or those on *action* and only on *guids2*."""
        wanted = parse_action(action) if action is not None else None
        group = tuple(rm.guid for rm in self._rms(guids2)) if guids2 is not None else None
        for rm in self._rms(guids1):
            gone = [
                c for c in rm.conditions if wanted in (None, c.action) and group in (None, c.group)
            ]
            self._forget_conditions(rm, gone)
            for each in {c.action for c in gone}:
                self._life.recheck(rm, each, added=False)

    def _forget_conditions(self, rm: ResourceManager, gone: list[Condition]) -> None:
        if not gone:
            return
        self._touch(Conditions(rm))
        with self._life.lock:
            rm._conditions = [c for c in rm.conditions if c not in gone] or None
            left = {guid for condition in rm.conditions for guid in condition.group}
            for guid in {guid for condition in gone for guid in condition.group} - left:
                self._waited.get(guid, set()).discard(rm.guid)
            self._life.version += 1
            for condition in gone if self._scheduler.bus.active else ():
                self._post(ConditionRemoved(self._now(), rm.guid, *astuple(condition)))

    # -- circles ---------------------------------------------------------------------------

    def _orders(self, guid: int) -> list[Condition]:
        """What actions of *guid* wait for: conditions, and what its type needs of its peers."""
        rm = self._life.resources.get(guid)
        return [] if rm is None else [*rm.conditions, *_needs_of(rm)]

    def _check_order(self, one: ResourceManager, two: ResourceManager) -> None:
        """Raise BadValue when *one*, once connected, would need *two* and *two* wait for it."""
        if (two._conditions is None and not any(two._needs)) or not any(one._needs):
            return
        back = _needs_between(two, one)
        if not back and not self._is_awaited(one):
            return

        def orders(guid: int) -> list[Condition]:
            return [*self._orders(guid), *back] if guid == two._guid else self._orders(guid)

        for need in _needs_between(one, two):
            if circle := find_cycle(one.guid, need, orders):
                raise BadValue(
                    f"{one.name} and {two.name} would wait for each other: {self._path(circle)}"
                )

    def _is_awaited(self, rm: ResourceManager) -> bool:
        """Whether anything waits for *rm*: where nothing does, no circle leads through it."""
        if self._waited.get(rm._guid):
            return True
        # by type: what joins a thousand is connected with resources of few types
        find, seen = self._life.resources.get, set[type[ResourceManager]]()
        for guid in rm._connections:
            other = find(guid)
            if other is not None and type(other) not in seen:
                if any(other._needs) and _needs_between(other, rm):
                    return True
                seen.add(type(other))
        return False

    def _check_barrier(self, rms: list[ResourceManager], members: list[int]) -> None:
        """Raise BadValue when one of *rms* would wait for the start of its own deployment.

        *members*: those that were deployed in its group before.
        """
        late = tuple(rm.guid for rm in rms if rm._conditions and _waits_to_deploy(rm))
        if not late:
            return
        together = {rm.guid for rm in rms}.union(members)
        barrier = Condition(START, late, READY)

        def orders(guid: int) -> list[Condition]:
            return [*self._orders(guid), barrier] if guid in together else self._orders(guid)

        for guid in late:
            for condition in self._rm(guid).conditions:
                circle = find_cycle(guid, condition, orders) if condition.action is DEPLOY else None
                if circle:
                    raise BadValue(
                        f"all of a deployment start together, so {self._rm(guid).name} would "
                        f"wait for itself: {self._path(circle)}; deploy it apart"
                    )

    def _path(self, circle: list[tuple[int, ResourceState]]) -> str:
        return " waits for ".join(f"{self._rm(guid).name} {state.name}" for guid, state in circle)

    # -- settings that wait ----------------------------------------------------------------

    def set_with_conditions(
        self, name: str, value: Any, guids1: Guids, guids2: Guids, state: Any, time: Any = None
    ) -> None:
        """Set *name* of each STARTED resource of *guids1* once all of *guids2* reached *state*.

        Raises UnknownName, BadValue, or WrongState when it can not be set of one that runs.
        """
        goal = parse_state(state)
        delay = parse_duration(time) if time else 0.0
        points = [Point(rm.guid, goal, delay, False) for rm in self._targets(guids2)]
        rms = self._rms(guids1)
        for rm in rms:
            attribute = rm.attribute(name)
            attribute.parse(value)
            if attribute.has_flag(Flags.NoWrite) or attribute.has_flag(Flags.Design):
                raise WrongState(f"{rm.rtype}.{name} is set {attribute.when}, not while it runs")
        group = tuple(point.guid for point in points)
        for rm in rms:
            shown = _shown(rm.attribute(name), value)
            told = SettingAwaited(self._now(), rm.guid, name, shown, group, goal, delay)

            def arm(rm: ResourceManager = rm, told: SettingAwaited = told) -> Gate:
                self._post(told._replace(at=self._now()))
                gate = self._life.add_watch(
                    rm,
                    points,
                    lambda gate: self._set_now(gate, name, value),
                    f"set {name} to {told.value}",
                )
                gate.told = told
                return gate

            late = LateSetting(rm, name, arm)
            self._touch(late)
            late.gate = arm()

    def _set_now(self, gate: Gate, name: str, value: Any) -> None:
        """Under the lock: leave the setting to a worker."""
        rm = gate.rm
        self._post(SettingOver(self._now(), rm.guid, name))

        def set_it() -> None:
            if rm.state != STARTED:
                rm.warning(f"{name} was not set: it is {rm.state.name}, not STARTED")
                return
            try:
                rm.do_set(name, rm.get(name), rm.attribute(name).parse(value))
                rm.set(name, value)
            except NepishellError as refusal:
                rm.warning(f"{name} was not set: {refusal}")

        self._life._post(rm, set_it)

    def _touch(self, part: described.Part) -> None:
        if self._life.recorder is not None:
            self._life.recorder.touch(part)

    # -- small things ----------------------------------------------------------------------

    def _now(self) -> float:
        return self._scheduler.clock.now()

    def _post(self, event: Any) -> None:
        self._scheduler.bus.post(event)

    def _hook_of_mine(self, rm: ResourceManager) -> bool:
        return getattr(self._scheduler.context, "rm", None) is rm


def _shown(attribute: Attribute, value: Any) -> str:
    if attribute.has_flag(Flags.Credential):
        return "(hidden)"
    return attribute.format(attribute.parse(value))


def _matters(rm: ResourceManager) -> bool:
    """Whether what it did not reach it never will, and somebody who waits for it would fail."""
    return rm.state == RELEASED or (rm.state == FAILED and bool(rm.get("critical")))


def _needs_of(rm: ResourceManager) -> list[Condition]:
    return [
        Condition(action, (other.guid,), state)
        for action in _ACTIONS
        for peer, state in rm._needs[action]
        for other in rm.get_peers(peer)
    ]


def _needs_between(one: ResourceManager, two: ResourceManager) -> list[Condition]:
    """What *one* would need of *two* if they were connected."""
    if not any(one._needs):
        return []
    return [
        Condition(action, (two._guid,), state)
        for action in _ACTIONS
        for peer, state in one._needs[action]
        if peer.accepts(two._rtypes)
    ]


def _waits_to_deploy(rm: ResourceManager) -> bool:
    return any(condition.action is DEPLOY for condition in rm.conditions)
