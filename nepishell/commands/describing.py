"""From what was described, event by event, to the lines that describe it: what was taken back again
is not in them, and what belongs together stands in one line, in the order in which it was done.

Order counts: the ends of a link and the addresses of a network follow from it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from nepishell.core import events
from nepishell.core.attributes import Flags
from nepishell.core.events import Event
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.factory import ResourceFactory
from nepishell.lang.folding import fold_in_order

#: Writes the value of an attribute, or what stands for one that is secret.
Spell = Callable[[int, str, str], str]
_OPPOSITE: dict[type[Any], type[Any]] = {
    events.Disconnected: events.Connected,
    events.ConditionRemoved: events.ConditionAdded,
    events.SettingOver: events.SettingAwaited,
}


def without_detours(told: Sequence[Event], never: set[int]) -> list[Event]:
    """*told* without what later events of it take back, or set anew.

    *never*: resources that were removed again before they were used.
    """
    left: list[Event] = []
    for event in told:
        if never.intersection(_named(event)):
            continue
        undoes = _OPPOSITE.get(type(event))
        if undoes is not None and _take_back(left, event, undoes):
            continue
        if isinstance(event, events.AttributeSet | events.TraceSwitched):
            _replace(left, event)
        elif not isinstance(event, events.Labelled):
            left.append(event)
    return left


def _named(event: Event) -> set[int]:
    """The resources without which *event* cannot be."""
    return {
        *(getattr(event, name) for name in ("guid", "other") if hasattr(event, name)),
        *getattr(event, "group", ()),
    }


def _take_back(left: list[Event], event: Any, undoes: type[Any]) -> bool:
    for index in reversed(range(len(left))):
        other: Any = left[index]
        if not isinstance(other, undoes):
            continue
        if isinstance(event, events.Disconnected):
            same = {event.guid, event.other} == {other.guid, other.other}
        elif isinstance(event, events.SettingOver):
            same = (event.guid, event.name) == (other.guid, other.name)
        else:
            same = event[1:] == other[1:]
        if same:
            del left[index]
            return True
    return False


def _replace(left: list[Event], event: events.AttributeSet | events.TraceSwitched) -> None:
    """What is set twice has the later value."""
    for index, other in enumerate(left):
        if isinstance(other, type(event)) and other[1:3] == event[1:3]:
            left[index] = event
            return
    left.append(event)


class Describer:
    """Writes lines. *names*: what resources are called in them."""

    def __init__(self, names: Mapping[int, str], rtypes: Mapping[int, str], spell: Spell) -> None:
        self._names = names
        self._rtypes = rtypes
        self._spell = spell

    def lines(self, told: Sequence[Event]) -> Iterator[str]:
        """The lines for *told*, which is without detours."""
        rest = [event for event in told if self._is_settable(event)]
        values = self._given(rest)
        rest = [
            event for event in rest
            if not (isinstance(event, events.AttributeSet) and event.guid in values)
        ]  # fmt: skip
        while rest:
            count, line = self._next(rest, values)
            del rest[:count]
            yield line

    def _is_settable(self, event: Event) -> bool:
        """Whether a person can set what was set: some values are only for reading."""
        if not isinstance(event, events.AttributeSet):
            return True
        rclass = ResourceFactory.get_resource_type(self._rtypes.get(event.guid, ""))
        declared = rclass._attributes.get(event.name) if rclass is not None else None
        return declared is None or not declared.has_flag(Flags.NoWrite)

    def _given(self, told: Sequence[Event]) -> dict[int, dict[str, str]]:
        """The values that new resources begin with."""
        values: dict[int, dict[str, str]] = {}
        for event in told:
            match event:
                case events.ResourceAdded(guid=guid):
                    values[guid] = {}
                case events.AttributeSet(guid=guid, name=name, value=value) if guid in values:
                    if value:
                        values[guid][name] = self._spell(guid, name, value)
        return values

    def _next(
        self, rest: Sequence[Event], values: Mapping[int, Mapping[str, str]]
    ) -> tuple[int, str]:
        """How many of *rest* the next line stands for, and the line."""
        first: Any = rest[0]
        match first:
            case events.ResourceAdded():
                return self._added(rest, values)
            case events.Connected():
                return self._connected(rest)
        same = _same(rest)
        who = self.set_of([event.guid for event in same])
        match first:
            case events.ResourceRemoved():
                line = f"remove {who}"
            case events.Disconnected(guid=guid, other=other):
                line = f"disconnect {self._names[guid]} {self._names[other]}"
            case events.AttributeSet(guid=guid, name=name, value=value):
                line = f"set {who} {name} {self._spell(guid, name, value) if value else 'none'}"
            case events.TraceSwitched(name=name, enabled=enabled):
                line = f"trace {who} {name} {'on' if enabled else 'off'}"
            case events.ConditionAdded(action=action, group=group, state=state, delay=delay):
                line = f"{self.when(group, state, delay)} {action.name.lower()} {who}"
            case events.SettingAwaited(guid=guid, name=name, value=value, group=group):
                shown = self._spell(guid, name, value)
                line = f"{self.when(group, first.state, first.delay)} set {who} {name} {shown}"
            case _:
                # what takes back something of long ago: the commands have no word for it
                line = f"# taken back by hand: a {type(first).__name__} of {who}"
        return len(same), line

    def when(self, group: Sequence[int], state: ResourceState, delay: float) -> str:
        """The beginning of a condition."""
        after = f" +{format_duration(delay)}" if delay else ""
        return f"when {self.set_of(group)} {state.name}{after}"

    def set_of(self, guids: Sequence[int]) -> str:
        """Resources by their names, in this order."""
        return fold_in_order([self._names[guid] for guid in guids])

    def _added(
        self, rest: Sequence[Event], values: Mapping[int, Mapping[str, str]]
    ) -> tuple[int, str]:
        first: Any = rest[0]
        like = (first.rtype, values[first.guid])
        added = [first.guid]
        for event in rest[1:]:
            if not isinstance(event, events.ResourceAdded) or (
                (event.rtype, values[event.guid]) != like
            ):
                break
            added.append(event.guid)
        nodes = _nodes(added, rest[len(added) :])
        words = ["add", first.rtype, self.set_of(added)]
        words += ["on", self.set_of(nodes)] if nodes else []
        words += [f"{name}={value}" for name, value in values[first.guid].items()]
        return len(added) + len(nodes), " ".join(words)

    def _connected(self, rest: Sequence[Event]) -> tuple[int, str]:
        """A chain, or a set of which each is connected with the same one."""
        pairs = []
        for event in rest:
            if not isinstance(event, events.Connected):
                break
            pairs.append((event.guid, event.other))
        chain = _while(pairs, lambda one, two: one[1] == two[0])
        star = _while(pairs, lambda one, two: one[1] == two[1] and one[0] != two[0])
        fan = _while(pairs, lambda one, two: one[0] == two[0] and one[1] != two[1])
        most = max(chain, star, fan)
        if chain == most:
            path = [pairs[0][0], *(other for _, other in pairs[:chain])]
            return chain, f"connect {' '.join(self._names[guid] for guid in path)}"
        if star == most:
            many = self.set_of([one for one, _ in pairs[:star]])
            return star, f"connect {many} {self._names[pairs[0][1]]}"
        many = self.set_of([other for _, other in pairs[:fan]])
        return fan, f"connect {self._names[pairs[0][0]]} {many}"


def _same(rest: Sequence[Event]) -> list[Any]:
    """The events at the beginning of *rest* that say the same of different resources."""
    first: Any = rest[0]
    same, seen = [first], {first[1]}
    if isinstance(first, events.Disconnected):
        return same
    for event in rest[1:]:
        if type(event) is not type(first) or event[2:] != first[2:]:
            break
        if event[1] in seen:
            break
        seen.add(event[1])
        same.append(event)
    return same


def _nodes(added: Sequence[int], rest: Sequence[Event]) -> list[int]:
    """The nodes that *added* are connected with at once, as `add ... on` does it."""
    pairs = []
    for event in rest:
        if not isinstance(event, events.Connected) or event.guid not in added:
            break
        pairs.append((event.guid, event.other))
    if len(added) == 1:
        return [other for _, other in pairs]
    same = [one for one, _ in pairs[: len(added)]] == list(added)
    nodes = [other for _, other in pairs[: len(added)]]
    return nodes if same and len(set(nodes)) == len(added) else []


def _while(
    pairs: Sequence[tuple[int, int]],
    goes_on: Callable[[tuple[int, int], tuple[int, int]], bool],
) -> int:
    """How many *pairs* at the beginning go on from one to the next; at least one."""
    count = 1
    for one, two in pairwise(pairs):
        if not goes_on(one, two):
            break
        count += 1
    return count
