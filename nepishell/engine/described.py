"""What commands describe, in parts that can be read, compared, and put back.

A part is one aspect of one resource: whether it is there, its label, a value, its connections, its
conditions, its traces. Undo knows nothing about commands: it puts parts back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from nepishell.core.attributes import Flags
from nepishell.core.errors import BadValue, WrongState
from nepishell.core.events import SettingOver
from nepishell.core.states import ResourceState
from nepishell.engine.gates import Gate

if TYPE_CHECKING:
    from nepishell.engine.resource import ResourceManager
    from nepishell.engine.undoing import Undoing

NEW, FAILED, RELEASED = ResourceState.NEW, ResourceState.FAILED, ResourceState.RELEASED
#: Stands for a value that nobody set.
UNSET = object()


def stage(rm: "ResourceManager") -> str:
    """How far a resource is, as far as its description is concerned."""
    if rm.state >= FAILED:
        return rm.state.name
    return "described" if rm.state == NEW and rm.deployment_group is None else "deployed"


class Part(Protocol):
    """One thing that a command may change. Equal parts are the same thing."""

    @property
    def what(self) -> str:
        """How messages call it."""

    @property
    def owner(self) -> "ResourceManager | None":
        """The resource whose stage decides whether it may still be put back."""

    def read(self) -> Any:
        """What it is now."""

    def check(self, ec: "Undoing", wanted: Any, then: str) -> None:
        """Raise NepishellError when it cannot become *wanted*; *then*: the stage it was set in."""

    def loosen(self, ec: "Undoing", wanted: Any) -> None:
        """The first half of becoming *wanted*: let go of what others may need."""

    def write(self, ec: "Undoing", wanted: Any) -> None:
        """Become *wanted*. Does nothing when it is that already."""


@dataclass(frozen=True, slots=True)
class _OfResource:
    rm: "ResourceManager"

    @property
    def owner(self) -> "ResourceManager":
        return self.rm

    @property
    def what(self) -> str:
        return self.rm.name

    def check(self, ec: "Undoing", wanted: Any, then: str) -> None:
        now = stage(self.rm)
        if now != then:
            advice = "; release it first" if now == "deployed" else ""
            raise WrongState(f"{self.rm.name} was {now} since{advice}")

    def loosen(self, ec: "Undoing", wanted: Any) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True, slots=True)
class Presence(_OfResource):
    """Whether a resource is part of the experiment."""

    def read(self) -> bool:
        return self.rm._life.resources.get(self.rm.guid) is self.rm

    def check(self, ec: "Undoing", wanted: Any, then: str) -> None:
        if wanted:
            if self.rm.guid in ec._life.resources:
                other = ec._life.resources[self.rm.guid].name
                raise BadValue(f"its guid {self.rm.guid} is taken by {other} since")
            if self.rm.label in ec._labels:
                raise BadValue(f"label '{self.rm.label}' is taken since")
        elif stage(self.rm) not in ("described", "RELEASED"):
            raise WrongState(f"{self.rm.name} was deployed since; release it first")

    def write(self, ec: "Undoing", wanted: Any) -> None:
        if wanted != self.read():
            (ec._appear if wanted else ec._vanish)(self.rm)


@dataclass(frozen=True, slots=True)
class Label(_OfResource):
    """The name of a resource."""

    def read(self) -> str:
        return self.rm.label

    def check(self, ec: "Undoing", wanted: Any, then: str) -> None:
        _OfResource.check(self, ec, wanted, then)
        holder = ec._labels.get(wanted, self.rm.guid)
        if wanted and holder != self.rm.guid:
            raise BadValue(f"label '{wanted}' is taken by resource {holder}")

    def loosen(self, ec: "Undoing", wanted: Any) -> None:
        if self.rm.label != wanted:
            ec.set_label(self.rm.guid, "")

    def write(self, ec: "Undoing", wanted: Any) -> None:
        ec.set_label(self.rm.guid, wanted)


@dataclass(frozen=True, slots=True)
class Setting(_OfResource):
    """The value of an attribute; one that may change while it runs is applied at once."""

    name: str

    @property
    def what(self) -> str:
        return f"{self.rm.name}.{self.name}"

    def read(self) -> Any:
        return (self.rm._values or {}).get(self.name, UNSET)

    def check(self, ec: "Undoing", wanted: Any, then: str) -> None:
        if self.rm.attribute(self.name).has_flag(Flags.Design) or self.rm.state >= FAILED:
            _OfResource.check(self, ec, wanted, then)

    def write(self, ec: "Undoing", wanted: Any) -> None:
        if self.read() != wanted:
            ec._put_value(self.rm, self.name, wanted)


@dataclass(frozen=True, slots=True)
class Connections(_OfResource):
    """What a resource is connected to, in order."""

    @property
    def what(self) -> str:
        return f"what {self.rm.name} is connected to"

    def read(self) -> tuple[int, ...]:
        return tuple(self.rm._connections)

    def loosen(self, ec: "Undoing", wanted: Any) -> None:
        for other in set(self.rm._connections).difference(wanted):
            ec.unregister_connection(self.rm.guid, other)

    def write(self, ec: "Undoing", wanted: Any) -> None:
        for other in wanted:
            if other not in self.rm._connections:
                ec._rejoin(self.rm, ec._rm(other))
        if self.read() != wanted:
            self.rm._connections = dict.fromkeys(wanted)


@dataclass(frozen=True, slots=True)
class Conditions(_OfResource):
    """What the actions of a resource wait for."""

    @property
    def what(self) -> str:
        return f"what {self.rm.name} waits for"

    def read(self) -> tuple[Any, ...]:
        return tuple(self.rm.conditions)

    def write(self, ec: "Undoing", wanted: Any) -> None:
        if self.read() != wanted:
            ec._put_conditions(self.rm, list(wanted))


@dataclass(frozen=True, slots=True)
class Switches(_OfResource):
    """Which traces are recorded."""

    @property
    def what(self) -> str:
        return f"the traces of {self.rm.name}"

    def read(self) -> dict[str, bool]:
        return dict(self.rm._enabled or {})

    def write(self, ec: "Undoing", wanted: Any) -> None:
        if self.read() != wanted:
            for name in {*wanted, *self.read()}:
                self.rm._switch(name, wanted.get(name))


@dataclass(slots=True, eq=False)
class LateSetting:
    """A setting that waits for others; once it was applied it is history."""

    rm: "ResourceManager"
    name: str
    arm: Callable[[], Gate]
    gate: Gate | None = None

    @property
    def owner(self) -> "ResourceManager":
        return self.rm

    @property
    def what(self) -> str:
        return f"{self.rm.name}.{self.name}"

    def read(self) -> bool:
        return self.gate is not None and not self.gate.opened

    def check(self, ec: "Undoing", wanted: Any, then: str) -> None:
        """It may be armed and disarmed at any stage."""

    def loosen(self, ec: "Undoing", wanted: Any) -> None:
        """Nothing to let go of."""

    def write(self, ec: "Undoing", wanted: Any) -> None:
        if wanted and not self.read():
            self.gate = self.arm()
        elif not wanted and self.gate is not None:
            with ec._life.lock:
                ec._life._forget(self.gate)
                ec._post(SettingOver(ec._now(), self.rm.guid, self.name))
