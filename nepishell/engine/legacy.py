"""NEPI's way of declaring a resource type and of setting states, so that old types still work.

Everything here is a thin name for the mechanism in resource.py; new types need none of it.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from nepishell.core.attributes import Attribute, Flags, Value
from nepishell.core.states import ResourceState
from nepishell.core.traces import Trace

if TYPE_CHECKING:
    from nepishell.core.conditions import Condition

T = TypeVar("T", bound=type)


def clsinit(cls: T) -> T:
    """NEPI's class decorator; classes complete themselves now."""
    return cls


def clsinit_copy(cls: T) -> T:
    """NEPI's class decorator; classes complete themselves now."""
    return cls


class NepiStyle:
    """The part of NEPI's ResourceManager that only old code calls."""

    __slots__ = ()

    if TYPE_CHECKING:
        rtype: ClassVar[str]
        _attributes: ClassVar[dict[str, Attribute]]
        _traces: ClassVar[dict[str, Trace]]
        _help: ClassVar[str]
        _backend: ClassVar[str]
        _reschedule_delay: ClassVar[str]
        _rtypes: ClassVar[frozenset[str]]
        _life: Any
        _conditions: list[Condition] | None

        def get(self, name: str) -> Any: ...
        def stamp(self, state: ResourceState) -> datetime | None: ...

    @classmethod
    def _register_attribute(cls, attribute: Attribute) -> None:
        cls._attributes = {**cls._attributes, attribute.name: attribute}

    @classmethod
    def _remove_attribute(cls, name: str) -> None:
        cls._attributes = {n: a for n, a in cls._attributes.items() if n != name}

    @classmethod
    def _register_trace(cls, trace: Trace) -> None:
        cls._traces = {**cls._traces, trace.name: trace}

    @classmethod
    def _remove_trace(cls, name: str) -> None:
        cls._traces = {n: t for n, t in cls._traces.items() if n != name}

    @classmethod
    def get_rtype(cls) -> str:
        """The type's name."""
        return cls.rtype

    @classmethod
    def get_help(cls) -> str:
        """What the type is, in one line."""
        return cls._help

    @classmethod
    def get_backend(cls) -> str:
        """The platform the type belongs to."""
        return cls._backend

    @classmethod
    def get_attributes(cls) -> dict[str, Attribute]:
        """Declarations by name."""
        return dict(cls._attributes)

    @classmethod
    def get_attribute(cls, name: str) -> Attribute:
        """One declaration; KeyError when there is none."""
        return cls._attributes[name]

    @classmethod
    def get_traces(cls) -> list[Trace]:
        """Declarations of the traces."""
        return list(cls._traces.values())

    @classmethod
    def is_rm_instance(cls, rtype: str) -> bool:
        """Whether the class is of *rtype* or a subclass of it."""
        return rtype in cls._rtypes

    @property
    def reschedule_delay(self) -> str:
        """How long an old hook lets pass before it looks again."""
        return self._reschedule_delay

    @property
    def conditions(self) -> "list[Condition]":
        """What its actions wait for."""
        return list(self._conditions or ())

    def has_attribute(self, name: str) -> bool:
        """Whether the type declares *name*."""
        return name in self._attributes

    def has_flag(self, name: str, flag: Flags) -> bool:
        """Whether the attribute has all bits of *flag*."""
        return self.get_attribute(name).has_flag(flag)

    def has_changed(self, name: str) -> bool:
        """Whether the value is not the default."""
        changed: Value = self.get(name)
        return changed != self.get_attribute(name).default

    def set_discovered(self) -> None:
        """Move to DISCOVERED."""
        self._life.move(self, ResourceState.DISCOVERED)

    def set_provisioned(self) -> None:
        """Move to PROVISIONED."""
        self._life.move(self, ResourceState.PROVISIONED)

    def set_ready(self) -> None:
        """Move to READY."""
        self._life.move(self, ResourceState.READY)

    def set_started(self) -> None:
        """Move to STARTED."""
        self._life.move(self, ResourceState.STARTED)

    def set_stopped(self) -> None:
        """Move to STOPPED."""
        self._life.move(self, ResourceState.STOPPED)

    def set_released(self) -> None:
        """Move to RELEASED."""
        self._life.move(self, ResourceState.RELEASED)

    @property
    def discover_time(self) -> datetime | None:
        """When it became DISCOVERED."""
        return self.stamp(ResourceState.DISCOVERED)

    @property
    def provision_time(self) -> datetime | None:
        """When it became PROVISIONED."""
        return self.stamp(ResourceState.PROVISIONED)

    @property
    def ready_time(self) -> datetime | None:
        """When it became READY."""
        return self.stamp(ResourceState.READY)

    @property
    def start_time(self) -> datetime | None:
        """When it last became STARTED."""
        return self.stamp(ResourceState.STARTED)

    @property
    def stop_time(self) -> datetime | None:
        """When it last became STOPPED."""
        return self.stamp(ResourceState.STOPPED)

    @property
    def release_time(self) -> datetime | None:
        """When it became RELEASED."""
        return self.stamp(ResourceState.RELEASED)

    @property
    def failed_time(self) -> datetime | None:
        """When it became FAILED."""
        return self.stamp(ResourceState.FAILED)
