"""How long things take: learnt from this run, else known of the type, else not known.

What a resource did before tells most: the time its own hooks took, then the median of its type.
"""

from collections.abc import Mapping

from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.jobs import START, STOP
from nepishell.engine.resource import ResourceManager

DISCOVERED, READY = ResourceState.DISCOVERED, ResourceState.READY
STARTED, STOPPED = ResourceState.STARTED, ResourceState.STOPPED

#: Seconds until READY, STARTED and STOPPED of types that ship, as once measured: a first guess.
USUAL: Mapping[str, tuple[float, float, float]] = {
    "Collector": (0.0, 0.0, 0.0),
    "local::Node": (0.0, 0.0, 0.0),
    "netns::Interface": (0.0, 0.0, 0.0),
    "netns::Link": (0.2, 0.0, 0.0),
    "netns::Node": (0.1, 0.0, 0.0),
    "netns::Switch": (0.05, 0.0, 0.0),
}
_PLACE = {READY: 0, STARTED: 1, STOPPED: 2}
#: ping's interval where none was set.
_EACH_S = 1.0


class Experience:
    """What this run and our tables tell; made anew for each question."""

    def __init__(self, ec: ExperimentController) -> None:
        seen: dict[tuple[str, ResourceState], list[float]] = {}
        for guid in ec.resources:
            rm = ec.get_resource(guid)
            for goal in _PLACE if rm is not None else ():
                took = took_itself(rm, goal) if rm is not None else None
                if took is not None and rm is not None:
                    seen.setdefault((rm.rtype, goal), []).append(took)
        self._medians = {key: _middle(values) for key, values in seen.items()}

    def takes(self, rm: ResourceManager, goal: ResourceState) -> float | None:
        """Seconds from the beginning of the hook until *goal*."""
        known = self._medians.get((rm.rtype, goal))
        if known is not None:
            return known
        usual = USUAL.get(rm.rtype)
        return usual[_PLACE[goal]] if usual is not None else None

    def runs(self, rm: ResourceManager) -> float | None:
        """Seconds from STARTED until it ends by itself, as its attributes or its past tell."""
        told = lifetime(rm)
        return told if told is not None else ran_itself(rm)


def _middle(values: list[float]) -> float:
    # of an even number the larger: what is planned should not come later; statistics imports much
    return sorted(values)[len(values) // 2]


def took_itself(rm: ResourceManager, goal: ResourceState) -> float | None:
    """How long *rm* took to get to *goal*, where that can be told."""
    stamps = rm._stamps
    entered = stamps[goal]
    if entered is None:
        return None
    if goal is READY:
        before = stamps[DISCOVERED]
        return max(0.0, entered - before) if before is not None else None
    last = START if goal is STARTED else STOP
    if rm._hook is not last or rm._since > entered:
        return None
    return entered - rm._since


def ran_itself(rm: ResourceManager) -> float | None:
    """How long *rm* ran when nobody stopped it."""
    started, stopped = rm._stamps[STARTED], rm._stamps[STOPPED]
    if started is None or stopped is None or stopped < started or rm._hook is not START:
        return None
    return stopped - started


def lifetime(rm: ResourceManager) -> float | None:
    """How long it runs as its attributes say: a duration, or a count of something each interval."""
    for name in ("duration", "run_for", "deadline"):
        if name in rm._attributes and (value := rm.get(name)) is not None:
            return float(value)
    if "count" in rm._attributes and "interval" in rm._attributes and rm.get("count"):
        each = rm.get("interval")
        return float((rm.get("count") - 1) * (_EACH_S if each is None else each))
    return None
