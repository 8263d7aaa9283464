"""Giving back: dependents first, each as soon as nobody needs it any more.

The order is that of the declared peers, reversed. What depends on a resource and is not released
with it keeps it from being released: nothing is pulled down that was not named.
"""

from collections.abc import Iterable

from nepishell.core.errors import WrongState
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.gates import Gate, Point
from nepishell.engine.jobs import RELEASE
from nepishell.engine.lifecycle import Lifecycle
from nepishell.engine.resource import ResourceManager

DEPLOY = ResourceAction.DEPLOY
#: Seconds without any progress after which a promised release is not believed any more.
PATIENCE_S = 60.0
NEW, RELEASED = ResourceState.NEW, ResourceState.RELEASED
_IDLE = (NEW, RELEASED)


def dependents_of(rm: ResourceManager) -> list[ResourceManager]:
    """The connected resources that need *rm* to be deployed."""
    found = []
    for other in rm.get_connected():
        for peer, _ in other._needs[DEPLOY]:
            if peer.accepts(rm._rtypes):
                found.append(other)
                break
    return found


def needs_of(rm: ResourceManager) -> list[ResourceManager]:
    """The connected resources that *rm* needs before it can be deployed."""
    needs = rm._needs[DEPLOY]
    return [other for peer, _ in needs for other in rm.get_peers(peer)]


def check_dependents(rms: Iterable[ResourceManager]) -> None:
    """Raise WrongState when somebody outside *rms* still needs one of them."""
    chosen = {rm.guid for rm in rms}
    for rm in rms:
        users = [
            other
            for other in dependents_of(rm)
            if other.guid not in chosen and other.state not in _IDLE
        ]
        if users:
            names = ", ".join(f"{user.guid} ({user.name})" for user in users)
            raise WrongState(
                f"resource {rm.guid} ({rm.name}) is still needed by {names}; "
                f"release them first, or all together"
            )


def begin_release(life: Lifecycle, rms: list[ResourceManager]) -> None:
    """Dispatch the release of *rms*, in order; what held back their actions is given up."""
    with life.lock:
        chosen = {rm.guid for rm in rms}
        begun = [rm for rm in rms if not rm._releasing and rm._state is not RELEASED]
        for rm in begun:
            rm._releasing = True
            if rm._gates:
                life._give_up(rm)
        for rm in begun:
            users = [user.guid for user in dependents_of(rm) if user.guid in chosen]
            if rm._state is NEW and rm._group is None:
                # never deployed: there is nothing that its hook could give back
                life._move(rm, RELEASED, "")
                continue
            if not users:
                life._dispatch(rm, RELEASE)
                continue
            gate = Gate(rm, None, lambda gate: life._dispatch(gate.rm, RELEASE))
            life._watch(gate, [Point(u, RELEASED, 0.0, False) for u in users])


def give_up(life: Lifecycle, rms: Iterable[ResourceManager]) -> None:
    """Call those RELEASED whose hook promised it for later and is not heard of any more.

    What still runs a hook is waited for: its thread cannot be taken away.
    """
    for rm in rms:
        with life.lock:
            is_promised = rm._queue is None and rm._hook is RELEASE and rm._state is not RELEASED
        if is_promised:
            text = f"its release was promised {PATIENCE_S:g} s ago and did not come about"
            life.release_errors[rm.guid] = text
            rm.error(f"release failed: {text}; what it holds may be left behind")
            life.move(rm, RELEASED, f"release failed: {text}")
