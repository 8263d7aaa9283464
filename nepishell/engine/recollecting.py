"""An experiment that is over, or as it was at a moment: described to be looked at, never to act.

No hook runs and nothing is armed; what held resources back then is there for who asks why.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine import jobs
from nepishell.engine.adopting import Adoption, Remembered, describe, pending, put_on, relate
from nepishell.engine.gates import Gate, points_of, reached_at

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.engine.resource import ResourceManager

_HOOKS = {
    ResourceAction.DEPLOY: jobs.DEPLOY,
    ResourceAction.START: jobs.START,
    ResourceAction.STOP: jobs.STOP,
}


def recollect(
    ec: "ExperimentController", resources: Iterable[Remembered], groups: dict[int, bool]
) -> list[str]:
    """Describe in *ec* what was, as its clock stands.

    Gives what could not be described, as warnings. End it by forget().
    """
    found = Adoption()
    known: list[Remembered] = []
    for one in resources:
        try:
            describe(ec, one, found)
        except NepishellError as problem:
            found.warnings.append(f"{one.label or one.guid} is left out: {problem}")
        else:
            known.append(one)
    for one in known:
        relate(ec, one)
    for one in known:
        put_on(ec, one, groups)
        ec._rm(one.guid).recollect()
    _hold_back(ec, [ec._rm(one.guid) for one in known])
    return found.warnings


def forget(ec: "ExperimentController") -> None:
    """Shut down a controller of what was: nothing of it is there that could be released."""
    with ec._life.lock:
        for rm in ec._life.resources.values():
            rm._state = ResourceState.RELEASED
    ec.shutdown()


def _hold_back(ec: "ExperimentController", rms: list["ResourceManager"]) -> None:
    for rm in rms:
        if rm._state is ResourceState.FAILED:
            ec.inform_failure(rm.guid)
    deployed = [rm for rm in rms if rm._group is not None]
    with ec._life.lock:
        for rm in deployed:
            if rm._state < ResourceState.READY and rm._group is not None:
                rm._group.waiting += 1
        for rm in deployed:
            action = pending(rm)
            if action is not None:
                _wait(ec, rm, action)


def _wait(ec: "ExperimentController", rm: "ResourceManager", action: ResourceAction) -> None:
    """What *action* waited for: others, the end of a delay, or its hook, which was at work."""
    group = rm._group
    if action is ResourceAction.START and group is not None and group.together and group.waiting:
        return  # the barrier is in the group
    gate = Gate(rm, action, lambda gate: None)
    reached = [
        (reached_at(ec._life.resources[point.guid], point.state), point.delay)
        for point in points_of(rm, action)
    ]
    times = [at + delay for at, delay in reached if at is not None]
    due = max([*times, *(at for at in rm._stamps[: rm._state + 1] if at is not None)], default=0.0)
    if len(times) == len(reached) and due <= ec.clock.now():
        rm._hook, rm._since = _HOOKS[action], due
    else:
        gate.due = due
        rm._gates = [gate]
