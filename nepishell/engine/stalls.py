"""Who waits, through however many others, for a resource that nobody deployed."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nepishell.core.states import GOAL_OF, ResourceAction, ResourceState

if TYPE_CHECKING:
    from nepishell.engine.gates import Watch
    from nepishell.engine.resource import ResourceManager

READY, STARTED = ResourceState.READY, ResourceState.STARTED


def is_undeployed(rm: "ResourceManager") -> bool:
    """Whether nobody sent it on its way."""
    return rm._group is None and rm._state < READY


def stuck(resources: "Mapping[int, ResourceManager]", undeployed: int) -> dict[int, ResourceState]:
    """The first state that each of them cannot reach until *undeployed* is deployed.

    Follows what waits for what forwards, so it costs nothing where nobody waits.
    """
    found = {undeployed: ResourceState.DISCOVERED}
    todo = list(found)
    while todo:
        guid = todo.pop()
        for watch in resources[guid]._watches or ():
            if watch.state < found[guid]:
                continue
            for held, state in _held_by(watch):
                if state < found.get(held, ResourceState.FAILED):
                    found[held] = state
                    todo.append(held)
    return found


def _held_by(watch: "Watch") -> Iterable[tuple[int, ResourceState]]:
    gate = watch.gate
    # a resource may stop by itself: nobody is stuck in a stop
    if gate.opened or gate.action is None or gate.action is ResourceAction.STOP:
        return
    yield gate.rm._guid, GOAL_OF[gate.action]
    group = gate.rm._group
    if gate.action is ResourceAction.DEPLOY and group is not None and group.together:
        for member in group.members:
            yield member, STARTED
