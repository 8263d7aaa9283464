"""The experiment as it was at a moment, folded from the events of a journal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from nepishell.core import events
from nepishell.core.conditions import Condition
from nepishell.core.events import Event
from nepishell.core.states import ResourceState


@dataclass(slots=True, kw_only=True)
class Past:
    """One resource as it was. *stamps*: when it entered its states, seconds of the run's clock."""

    guid: int
    rtype: str
    label: str = ""
    state: ResourceState = ResourceState.NEW
    reason: str = ""
    values: dict[str, str] = field(default_factory=dict)
    connections: dict[int, None] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    traces: dict[str, bool] = field(default_factory=dict)
    stamps: dict[ResourceState, float] = field(default_factory=dict)
    story: list[events.StateChanged] = field(default_factory=list)
    intents: list[events.Intended] = field(default_factory=list)
    group: int | None = None

    @property
    def name(self) -> str:
        """Its label, or its number."""
        return self.label or str(self.guid)


@dataclass(slots=True)
class World:
    """All of it. *gone*: resources that were removed, as they were then."""

    at: float = 0.0
    resources: dict[int, Past] = field(default_factory=dict)
    gone: dict[int, Past] = field(default_factory=dict)
    groups: dict[int, bool] = field(default_factory=dict)
    awaited: dict[tuple[int, str], events.SettingAwaited] = field(default_factory=dict)
    notes: list[events.Noted] = field(default_factory=list)
    #: by what they are about and when they began, as they were told last
    doubts: dict[tuple[int, str, float], events.Suspected] = field(default_factory=dict)
    aborted_by: int = 0

    def apply(self, event: Event) -> None:
        """Let *event* happen; one that names a resource that is not there changes nothing."""
        self.at = max(self.at, event.at)
        act: Callable[[World, Any], None] = _ACTS[type(event)]
        act(self, event)

    def find(self, guid: int) -> Past | None:
        """A resource that is, or was, there."""
        return self.resources.get(guid) or self.gone.get(guid)


def fold(told: Iterable[Event], until: float | None = None) -> World:
    """What *told* events come to; those later than *until* (seconds) have not happened yet."""
    world = World()
    for event in told:
        if until is not None and event.at > until:
            break
        world.apply(event)
    return world


def before_release(told: Iterable[Event]) -> World:
    """The experiment as it was when all that was left to come were releases."""
    world, told = World(), list(told)
    for event in told[: _where_it_ends(told)]:
        world.apply(event)
    return world


def _where_it_ends(told: list[Event]) -> int:
    """The place of the first release that nothing but releasing follows; all of it without one."""
    end = len(told)
    for place in reversed(range(len(told))):
        event = told[place]
        if isinstance(event, events.StateChanged) and event.new is ResourceState.RELEASED:
            end = place
        elif isinstance(event, _NOT_OF_RELEASING) and not _forgets(event):
            break
    return end


def _forgets(event: Event) -> bool:
    """Whether a value is taken back, as some are by a release; none gives a new one."""
    return isinstance(event, events.AttributeSet) and event.value in ("", "false")


_NOT_OF_RELEASING = (
    events.StateChanged,
    events.ResourceAdded,
    events.Labelled,
    events.AttributeSet,
    events.Connected,
    events.ConditionAdded,
    events.SettingAwaited,
    events.TraceSwitched,
    events.Deployed,
)


def _added(world: World, event: events.ResourceAdded) -> None:
    world.resources[event.guid] = Past(guid=event.guid, rtype=event.rtype)


def _removed(world: World, event: events.ResourceRemoved) -> None:
    past = world.resources.pop(event.guid, None)
    if past is not None:
        world.gone[event.guid] = past


def _moved(world: World, event: events.StateChanged) -> None:
    past = world.resources.get(event.guid)
    if past is not None:
        past.state, past.stamps[event.new] = event.new, event.at
        past.reason = event.reason if event.new is ResourceState.FAILED else past.reason
        past.story.append(event)


def _labelled(world: World, event: events.Labelled) -> None:
    past = world.resources.get(event.guid)
    if past is not None:
        past.label = event.label


def _set(world: World, event: events.AttributeSet) -> None:
    past = world.resources.get(event.guid)
    if past is not None:
        past.values[event.name] = event.value


def _connected(world: World, event: events.Connected) -> None:
    one, two = world.resources.get(event.guid), world.resources.get(event.other)
    if one is not None and two is not None:
        one.connections[two.guid] = two.connections[one.guid] = None


def _disconnected(world: World, event: events.Disconnected) -> None:
    for guid, other in ((event.guid, event.other), (event.other, event.guid)):
        past = world.resources.get(guid)
        if past is not None:
            past.connections.pop(other, None)


def _condition(event: Any) -> Condition:
    return Condition(event.action, event.group, event.state, event.delay)


def _held_back(world: World, event: events.ConditionAdded) -> None:
    past = world.resources.get(event.guid)
    if past is not None:
        past.conditions.append(_condition(event))


def _let_go(world: World, event: events.ConditionRemoved) -> None:
    past = world.resources.get(event.guid)
    if past is not None and _condition(event) in past.conditions:
        past.conditions.remove(_condition(event))


def _awaited(world: World, event: events.SettingAwaited) -> None:
    world.awaited[event.guid, event.name] = event


def _over(world: World, event: events.SettingOver) -> None:
    world.awaited.pop((event.guid, event.name), None)


def _switched(world: World, event: events.TraceSwitched) -> None:
    past = world.resources.get(event.guid)
    if past is not None:
        past.traces[event.name] = event.enabled


def _deployed(world: World, event: events.Deployed) -> None:
    world.groups[event.group] = event.together
    for guid in event.guids:
        past = world.resources.get(guid)
        if past is not None:
            past.group = event.group


def _intended(world: World, event: events.Intended) -> None:
    past = world.resources.get(event.guid)
    if past is not None:
        past.intents.append(event)


def _noted(world: World, event: events.Noted) -> None:
    world.notes.append(event)


def _suspected(world: World, event: events.Suspected) -> None:
    world.doubts[event.guid, event.kind, event.since] = event


def _aborted(world: World, event: events.RunAborted) -> None:
    world.aborted_by = event.guid


def _nothing(world: World, event: Event) -> None:
    """A task that finished changes nothing that is seen here."""


_ACTS: dict[type[Any], Callable[[World, Any], None]] = {
    events.StateChanged: _moved,
    events.ResourceAdded: _added,
    events.ResourceRemoved: _removed,
    events.Connected: _connected,
    events.Disconnected: _disconnected,
    events.Labelled: _labelled,
    events.AttributeSet: _set,
    events.ConditionAdded: _held_back,
    events.ConditionRemoved: _let_go,
    events.SettingAwaited: _awaited,
    events.SettingOver: _over,
    events.TraceSwitched: _switched,
    events.Deployed: _deployed,
    events.Intended: _intended,
    events.Noted: _noted,
    events.Suspected: _suspected,
    events.RunAborted: _aborted,
    events.TaskFinished: _nothing,
}
