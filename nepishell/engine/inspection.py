"""Looking at an experiment: what there is, in which state, since when, and what it recorded."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nepishell.core.attributes import Attribute
from nepishell.core.conditions import Condition
from nepishell.core.errors import BadValue
from nepishell.core.events import StateChanged
from nepishell.core.states import ECState, FailureLevel, ResourceAction, ResourceState
from nepishell.core.traces import Trace, TraceAttr
from nepishell.engine.gates import Point
from nepishell.engine.parts import Part
from nepishell.engine.resource import ResourceManager
from nepishell.engine.snapshot import ResourceRow, Snapshot
from nepishell.engine.stories import entries


class Inspection(Part):
    """The part of the controller that looks."""

    if TYPE_CHECKING:

        @property
        def run_dir(self) -> Path: ...

        @property
        def ecstate(self) -> ECState: ...

        @property
        def failure_level(self) -> FailureLevel: ...

    _snapshot: Snapshot | None = None

    # -- resources -------------------------------------------------------------------------

    @property
    def resources(self) -> list[int]:
        """All guids, in order of registration."""
        return list(self._life.resources)

    def get_resource(self, guid: int) -> ResourceManager | None:
        """The resource manager of *guid*, or None."""
        return self._life.resources.get(guid)

    def get_resources_by_type(self, rtype: str) -> list[ResourceManager]:
        """The resource managers of exactly this rtype."""
        return [rm for rm in self._life.resources.values() if rm.rtype == rtype]

    def filter_resources(self, rtype: str) -> list[int]:
        """The guids of exactly this rtype."""
        return [rm.guid for rm in self.get_resources_by_type(rtype)]

    def label(self, guid: int) -> str:
        """The label of *guid*, or ''."""
        return self._rm(guid).label

    def name(self, guid: int) -> str:
        """How messages call *guid*: its label, or a name made of its type and number."""
        return self._rm(guid).name

    def get_attributes(self, guid: int) -> dict[str, Attribute]:
        """The declarations of its attributes, by name."""
        return self._rm(guid).get_attributes()

    def get_attribute(self, guid: int, name: str) -> Attribute:
        """The declaration of one attribute; raises UnknownName."""
        return self._rm(guid).attribute(name)

    def connections(self, guid: int) -> list[int]:
        """Guids of the connected resources, in order of connection."""
        return list(self._rm(guid)._connections)

    def conditions(self, guid: int) -> list[Condition]:
        """What its actions wait for, as the user said."""
        return self._rm(guid).conditions

    @property
    def managers(self) -> Mapping[int, ResourceManager]:
        """The resource manager of each guid, in order of registration; it grows while you look."""
        return self._life.resources

    @property
    def labels(self) -> Mapping[str, int]:
        """The guid of each label, in the order they were given; it grows while you look."""
        return self._labels

    # -- states ----------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """Grows with every change; what was read at one version is as it was until it grows."""
        return self._life.version

    @property
    def withdrawn(self) -> int:
        """Grows when a guid or a label goes: what only comes stands at the end of its table."""
        return self._life.withdrawn

    def counts(self) -> dict[ResourceState, int]:
        """How many resources are in each state; costs the same however many there are."""
        life = self._life
        with life.lock:
            found = dict.fromkeys(ResourceState, 0)
            found[ResourceState.NEW] = len(life.resources) + life._removed
            found[ResourceState.RELEASED] = -life._removed
            for old, row in zip(ResourceState, life._made, strict=True):
                for new, made in zip(ResourceState, row, strict=True):
                    times = made[0] if made is not None else 0
                    found[old] -= times
                    found[new] += times
        return found

    def state(self, guid: int, hr: bool = False) -> Any:
        """The state of *guid*: a ResourceState, or its name when *hr*."""
        state = self._rm(guid).state
        return state.name if hr else state

    def failure(self, guid: int) -> str:
        """Why *guid* FAILED, or ''."""
        return self._rm(guid).failure

    def story(self, guid: int) -> list[StateChanged]:
        """The moves of *guid*, oldest first; of more than a thousand, the first and the last."""
        rm = self._rm(guid)
        return [
            StateChanged(at, guid, old, new, rm.failure if new is ResourceState.FAILED else "")
            for (_, old), (at, new) in pairwise(entries(rm))
        ]

    def waiting_for(self, guid: int) -> list[tuple[ResourceAction | None, list[Point], float]]:
        """What holds back its actions: the action, the points that are missing, when it is due."""
        self._rm(guid)
        return self._life.waiting_for(guid)

    def get_discover_time(self, guid: int) -> datetime | None:
        """When it became DISCOVERED; aware, or None."""
        return self._rm(guid).discover_time

    def get_provision_time(self, guid: int) -> datetime | None:
        """When it became PROVISIONED; aware, or None."""
        return self._rm(guid).provision_time

    def get_ready_time(self, guid: int) -> datetime | None:
        """When it became READY; aware, or None."""
        return self._rm(guid).ready_time

    def get_start_time(self, guid: int) -> datetime | None:
        """When it last became STARTED; aware, or None."""
        return self._rm(guid).stamp(ResourceState.STARTED)

    def get_stop_time(self, guid: int) -> datetime | None:
        """When it last became STOPPED; aware, or None."""
        return self._rm(guid).stop_time

    def get_release_time(self, guid: int) -> datetime | None:
        """When it became RELEASED; aware, or None."""
        return self._rm(guid).release_time

    def get_failed_time(self, guid: int) -> datetime | None:
        """When it became FAILED; aware, or None."""
        return self._rm(guid).failed_time

    def snapshot(self) -> Snapshot:
        """The whole experiment at one moment; the same object until something changes."""
        found = self._snapshot
        if found is not None and found.version == self._life.version:
            return found
        with self._life.lock:
            rows = tuple(
                ResourceRow(
                    rm._guid, rm.rtype, rm._label, rm._state, rm.deployment_group or 0, rm._reason
                )
                for rm in self._life.resources.values()
            )
            version, at = self._life.version, self._scheduler.clock.now()
        self._snapshot = Snapshot(
            version=version,
            at=at,
            ecstate=self.ecstate,
            failure_level=self.failure_level,
            resources=rows,
        )
        return self._snapshot

    # -- traces ----------------------------------------------------------------------------

    def get_traces(self, guid: int) -> list[Trace]:
        """The traces its type declares."""
        return self._rm(guid).get_traces()

    def trace_enabled(self, guid: int, name: str) -> bool:
        """Whether a trace is recorded; raises UnknownName."""
        return self._rm(guid).trace_enabled(name)

    def trace(
        self,
        guid: int,
        name: str,
        attr: TraceAttr | str = TraceAttr.ALL,
        block: int = 512,
        offset: int = 0,
    ) -> Any:
        """What a trace holds: all of it, block number *offset* of *block* bytes, path, or size."""
        rm = self._rm(guid)
        try:
            wanted = TraceAttr(attr)
        except ValueError:
            known = ", ".join(TraceAttr)
            raise BadValue(f"'{attr}' is not a view of a trace; use {known}") from None
        rm.declared_trace(name)
        return rm.trace(name, wanted, block, offset)

    def trace_dir(self, guid: int) -> Path:
        """Where the traces of *guid* are kept; made by whoever writes there first."""
        return self.run_dir / "traces" / (self._rm(guid).label or str(guid))
