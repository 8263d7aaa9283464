"""What the three parts of the controller share: finding resources, and reading sets of guids."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nepishell.core.errors import UnknownName, WrongState
from nepishell.core.ids import GuidGenerator
from nepishell.core.states import ECState
from nepishell.engine.resource import ResourceManager

if TYPE_CHECKING:
    from nepishell.engine.groups import Group
    from nepishell.engine.lifecycle import Lifecycle
    from nepishell.engine.scheduler import Scheduler

Guids = int | Iterable[int]


class Part:
    """The state all parts work on."""

    _life: "Lifecycle"
    _scheduler: "Scheduler"
    _state: ECState

    def __init__(self) -> None:
        self._guids = GuidGenerator()
        self._group_ids = GuidGenerator()
        self._groups: dict[int, Group] = {}
        self._labels: dict[str, int] = {}
        self._globals: dict[tuple[str, str], object] = {}
        #: target -> those that have a condition on it
        self._waited: dict[int, set[int]] = {}

    def _check_alive(self) -> None:
        """Raise WrongState after the shutdown."""
        if self._state is ECState.TERMINATED:
            raise WrongState("the run is over: nothing more can be done in it; begin another")

    def _rm(self, guid: int) -> ResourceManager:
        """The resource manager of *guid*; raises UnknownName."""
        # True is 1 to a dictionary
        rm = self._life.resources.get(guid) if type(guid) is int else None
        if rm is None:
            guids = list(self._life.resources)
            known = ", ".join(str(g) for g in guids[:8]) + (", ..." if len(guids) > 8 else "")
            raise UnknownName(f"'{guid}' is not a guid; known: {known or 'none yet'}")
        return rm

    def _rms(self, guids: Guids) -> list[ResourceManager]:
        """The resource managers of an int or an iterable of ints, each once; raises UnknownName."""
        if isinstance(guids, int) or not isinstance(guids, Iterable):
            return [self._rm(guids)]
        return [self._rm(guid) for guid in dict.fromkeys(guids)]
