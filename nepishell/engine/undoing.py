"""Taking back what was described, exactly, or not at all.

While a command is recorded, the doors of the controller (add, connect, set, ...) name the parts
they are about to change. What these were before and are afterwards is the Change; it can be taken
back and done again as long as nothing else has touched them.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from threading import get_ident
from typing import Any

from nepishell.core.conditions import Condition
from nepishell.core.errors import NepishellError, WrongState
from nepishell.core.events import ConditionAdded, ResourceRemoved
from nepishell.engine.described import FAILED, UNSET, Part, Presence, stage
from nepishell.engine.design import _LIVE, Design
from nepishell.engine.resource import ResourceManager

log = logging.getLogger(__name__)


class Recorder:
    """Collects the parts that one thread changes. Others change things meanwhile: not ours."""

    def __init__(self, ec: "Undoing") -> None:
        self._ec = ec
        self._thread = get_ident()
        self.before: dict[Part, Any] = {}
        self.last_guid = ec._guids.peek() - 1
        self._order: list[int] = []

    def touch(self, part: Part) -> None:
        """*part* is about to change."""
        if get_ident() == self._thread and part not in self.before:
            self.before[part] = part.read()
            if isinstance(part, Presence) and self.before[part] and not self._order:
                self._order = list(self._ec._life.resources)

    def places(self) -> dict[int, int]:
        """Who stood right before each resource that was removed (0: it was the first)."""
        gone = {p.rm.guid for p, was in self.before.items() if isinstance(p, Presence) and was}
        pairs = zip([0, *self._order], self._order, strict=False)
        return {guid: previous for previous, guid in pairs if guid in gone}


class Change:
    """What one command changed: each part, before and after. Falsy when it changed nothing."""

    def __init__(self) -> None:
        self.parts: list[tuple[Part, Any, Any]] = []
        self.stages: dict[int, str] = {}
        self.places: dict[int, int] = {}
        self.guids = (0, 0)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def fill(self, recorder: Recorder, last_guid: int) -> None:
        """Compare what was with what is."""
        # what came and went within the command was never there
        ghosts = {
            part.owner
            for part, was in recorder.before.items()
            if isinstance(part, Presence) and not was and not part.read()
        }
        for part, before in recorder.before.items():
            after = part.read()
            if before != after and (part.owner is None or part.owner not in ghosts):
                self.parts.append((part, before, after))
                if part.owner is not None:
                    self.stages[id(part.owner)] = stage(part.owner)
        self.places = recorder.places()
        self.guids = (recorder.last_guid, last_guid)

    def moves(self, *, back: bool) -> list[tuple[Part, Any, Any]]:
        """(part, what it is, what it shall be); what appears first, what vanishes last."""
        turned = [(p, new, old) if back else (p, old, new) for p, old, new in self.parts]
        return sorted(turned, key=_turn)


def _turn(move: tuple[Part, Any, Any]) -> int:
    part, _, wanted = move
    return (-1 if wanted else 1) if isinstance(part, Presence) else 0


class Undoing(Design):
    """The part of the controller that takes back."""

    @contextmanager
    def recording(self) -> Iterator[Change]:
        """Inside, what this thread describes goes into the Change; an error takes it all back.

        A recording inside a recording is part of the outer one.
        """
        change = Change()
        if self._life.recorder is not None:
            yield change
            return
        self._life.recorder = recorder = Recorder(self)
        try:
            yield change
        except NepishellError:
            self._life.recorder = None
            change.fill(recorder, self._guids.peek() - 1)
            self._go_back(change)
            raise
        finally:
            self._life.recorder = None
        change.fill(recorder, self._guids.peek() - 1)

    def _go_back(self, change: Change) -> None:
        """A command failed half-way: leave nothing of it."""
        try:
            self.take_back(change)
        except NepishellError as problem:
            log.warning("what a failed command had changed stays: %s", problem)

    def take_back(self, change: Change) -> None:
        """Put all parts back to what they were before; raises NepishellError and changes nothing.

        Refused when one of them changed since, or its resource was deployed or released since.
        """
        self._turn_to(change, back=True)

    def do_again(self, change: Change) -> None:
        """The opposite of take_back()."""
        self._turn_to(change, back=False)

    def _turn_to(self, change: Change, *, back: bool) -> None:
        moves = change.moves(back=back)
        for part, now, wanted in moves:
            if part.read() != now:
                raise WrongState(f"{part.what} was changed since")
            then = change.stages.get(id(part.owner), "")
            part.check(self, wanted, then)
        self._check_strangers(moves)
        outer, self._life.recorder = self._life.recorder, None
        try:
            self._go(moves, change, back=back)
        except BaseException:
            self._go(change.moves(back=not back), change, back=not back)
            raise
        finally:
            self._life.recorder = outer

    def _go(self, moves: list[tuple[Part, Any, Any]], change: Change, *, back: bool) -> None:
        for part, _, wanted in moves:
            if _turn((part, None, wanted)) < 0:
                part.write(self, wanted)
        for part, _, wanted in moves:
            part.loosen(self, wanted)
        for part, _, wanted in moves:
            part.write(self, wanted)
        if back and change.places:
            self._put_in_order(change.places)
        self._reset_guids(*(reversed(change.guids) if back else change.guids))

    def _reset_guids(self, now: int, wanted: int) -> None:
        with self._life.lock:
            if self._guids.peek() == now + 1:
                self._guids.rewind(wanted)

    def _check_strangers(self, moves: list[tuple[Part, Any, Any]]) -> None:
        """Nobody who stays may need a resource that goes."""
        going = {p.rm for p, _, wanted in moves if isinstance(p, Presence) and not wanted}
        touched = {part.owner for part, _, _ in moves}
        for rm in going:
            needing = [*rm.get_connected()]
            needing += [self._rm(guid) for guid in self._waited.get(rm.guid, ())]
            for other in needing:
                if other not in touched:
                    raise WrongState(f"{other.name} needs {rm.name} since")

    # -- how parts are put back ------------------------------------------------------------

    def _appear(self, rm: ResourceManager) -> None:
        with self._life.lock:
            self._life.resources[rm.guid] = rm
            self._life._removed -= rm.state.name == "RELEASED"
            self._life.version += 1
            if rm.label:
                self._labels[rm.label] = rm.guid
            if self._scheduler.bus.active:
                self._tell_added(rm)

    def _vanish(self, rm: ResourceManager) -> None:
        with self._life.lock:
            if self._labels.get(rm.label) == rm.guid:
                del self._labels[rm.label]
            self._life._remove(rm)
            self._post(ResourceRemoved(self._now(), rm.guid))

    def _put_in_order(self, places: dict[int, int]) -> None:
        """Move resources that came back to where they stood."""
        with self._life.lock:
            found = self._life.resources
            following = {before: guid for guid, before in places.items() if guid in found}
            ordered: dict[int, ResourceManager] = {}
            for stayed in (0, *(guid for guid in found if guid not in places)):
                if stayed:
                    ordered[stayed] = found[stayed]
                guid = following.get(stayed)
                while guid:
                    ordered[guid] = found[guid]
                    guid = following.get(guid)
            # whoever looks meanwhile sees the old one or the new one
            self._life.resources = ordered | found
            self._life.withdrawn += 1
            self._life.version += 1

    def _rejoin(self, one: ResourceManager, two: ResourceManager) -> None:
        if max(one.state, two.state) < FAILED:
            self.register_connection(one.guid, two.guid)
            return
        # what ended stands there connected, for people to read; nothing is plugged in any more
        with self._life.lock:
            one._connections[two.guid] = two._connections[one.guid] = None
            self._life.version += 1

    def _put_value(self, rm: ResourceManager, name: str, wanted: Any) -> None:
        attribute = rm.attribute(name)
        self._life.claim(rm)
        try:
            if rm.state in _LIVE:
                new = attribute.default if wanted is UNSET else wanted
                rm.do_set(name, rm.get(name), new)
            if wanted is not UNSET:
                self._life.store(rm, attribute, wanted)
                return
            with self._life.lock:
                if rm._values is not None:
                    rm._values.pop(name, None)
                self._life.version += 1
                self._life._tell_value(rm, attribute)
        finally:
            self._life.yield_(rm)

    def _put_conditions(self, rm: ResourceManager, wanted: list[Condition]) -> None:
        gone = [c for c in rm.conditions if c not in wanted]
        added = [c for c in wanted if c not in rm.conditions]
        for condition in added:
            self._check_condition(rm, condition, self._rms(condition.group))
        self._forget_conditions(rm, gone)
        with self._life.lock:
            rm._conditions = wanted or None
            for condition in added:
                for guid in condition.group:
                    self._waited.setdefault(guid, set()).add(rm.guid)
                self._post(ConditionAdded(self._now(), rm.guid, *astuple(condition)))
            self._life.version += 1
        for action in {c.action for c in gone}:
            self._life.recheck(rm, action, added=False)
        for action in {c.action for c in added}:
            self._life.recheck(rm, action, added=True)
