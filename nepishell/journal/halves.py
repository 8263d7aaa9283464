"""A description that was cut in half: what of it is taken back, as events that undo it.

A command that describes is done when its outcome is in the journal; one without is as if it had
never been said, so whoever goes on says it again, and nothing is there twice or by halves.
"""

from collections.abc import Iterator
from itertools import chain

from nepishell.core import events
from nepishell.core.events import Event
from nepishell.core.states import ResourceState
from nepishell.journal.world import Past, World


def taken_back(before: World, after: World) -> list[Event]:
    """What makes *after* what *before* was, but for what does not only describe any more.

    A resource that moved meanwhile, as somebody else deployed it, stays as it is.
    """
    at = after.at
    old = before.resources
    idle = {g: p for g, p in after.resources.items() if p.state is ResourceState.NEW}
    kept = {guid: past for guid, past in idle.items() if guid in old}
    changes = [_changes(at, old[guid], past) for guid, past in kept.items()]
    settings = (
        events.SettingOver(at, guid, name)
        for guid, name in after.awaited.keys() - before.awaited.keys()
    )
    return [*chain(*changes), *settings, *_removals(at, idle.keys() - old.keys(), after)]


def _removals(at: float, made: set[int], after: World) -> Iterator[Event]:
    for guid in sorted(made):
        for other in after.resources[guid].connections:
            yield events.Disconnected(at, guid, other)
        yield events.ResourceRemoved(at, guid)


def _changes(at: float, old: Past, new: Past) -> Iterator[Event]:
    guid = new.guid
    for other in new.connections.keys() - old.connections.keys():
        yield events.Disconnected(at, guid, other)
    for other in old.connections.keys() - new.connections.keys():
        yield events.Connected(at, guid, other)
    if new.label != old.label:
        yield events.Labelled(at, guid, old.label)
    # what was not set before had a default, which no event says; saying it again does no harm
    for name, value in old.values.items():
        if value != new.values.get(name, value):
            yield events.AttributeSet(at, guid, name, value)
    for one in new.conditions:
        if one not in old.conditions:
            yield events.ConditionRemoved(at, guid, one.action, one.group, one.state, one.delay)
    for one in old.conditions:
        if one not in new.conditions:
            yield events.ConditionAdded(at, guid, one.action, one.group, one.state, one.delay)
    for name, enabled in new.traces.items():
        if enabled != old.traces.get(name, enabled):
            yield events.TraceSwitched(at, guid, name, not enabled)
