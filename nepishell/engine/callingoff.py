"""Taking a deployment back: what has not begun does not begin, what is built stays as it is.

Nothing is torn down and no hook is interrupted; releasing is for that.
"""

from collections.abc import Iterable
from typing import NamedTuple

from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.groups import Group
from nepishell.engine.lifecycle import Lifecycle
from nepishell.engine.resource import ResourceManager

READY, STARTED = ResourceState.READY, ResourceState.STARTED
_SETTING_UP = (ResourceAction.DEPLOY, ResourceAction.START)


class CalledOff(NamedTuple):
    """Guids by what became of them.

    *withdrawn*: nobody deployed them, as before. *finishing*: a hook of theirs runs to its end.
    *ready*: built, and not started. *begun*: STARTED before, or ended; they are left alone.
    """

    withdrawn: tuple[int, ...] = ()
    finishing: tuple[int, ...] = ()
    ready: tuple[int, ...] = ()
    begun: tuple[int, ...] = ()


def call_off(life: Lifecycle, rms: Iterable[ResourceManager]) -> CalledOff:
    """Let no step of the deployment of *rms* begin any more; waits for them end."""
    found: dict[str, list[int]] = {field: [] for field in CalledOff._fields}
    with life.lock:
        groups = []
        for rm in rms:
            if rm._state >= STARTED or rm._releasing:
                found["begun"].append(rm._guid)
                continue
            for gate in list(rm._gates or ()):
                if gate.action in _SETTING_UP:
                    life._forget(gate)
            life._held = [(held, what) for held, what in life._held if held is not rm]
            if rm._group is not None and not rm._group.called_off:
                groups.append(_leave(rm, rm._group))
            found[_now(rm)].append(rm._guid)
        life.version += 1
        for group in dict.fromkeys(groups):
            # those of the group that stay in it have fewer to wait for
            group.waiting += 1
            life._count_down(group)
        off = CalledOff(**{field: tuple(guids) for field, guids in found.items()})
        life.end_waits_for(off.withdrawn + off.ready)
        return off


def _leave(rm: ResourceManager, group: Group) -> Group:
    """Take *rm* out of its group; it may be deployed anew when nothing of it has begun."""
    group.members.remove(rm._guid)
    if rm._guid in group.held:
        group.held.remove(rm._guid)
    group.waiting -= rm._state < READY
    rm._group = Group(group.id, together=False)
    rm._group.called_off = True
    return group


def _now(rm: ResourceManager) -> str:
    goal = rm._hook.goal if rm._hook is not None else None
    entered = rm._stamps[goal] if goal is not None else None
    if goal is not None and (entered is None or entered < rm._since):
        return "finishing"
    if rm._state is READY:
        return "ready"
    rm._group = None
    return "withdrawn"
