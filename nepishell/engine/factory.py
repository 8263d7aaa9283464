"""The table of resource types: rtype -> class (NEPI section 11).

Types come by register_type, or by a loader that is asked for an rtype when it is first needed,
so that a family's modules are imported only by experiments that use it. Never from the current
directory (bug B4).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from nepishell.core.errors import NepishellError, UnknownName, did_you_mean

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.engine.resource import ResourceManager

Loader = Callable[[], "type[ResourceManager]"]


class ResourceFactory:
    """One table for the process, as in NEPI: a type registered once serves every controller."""

    _resource_types: ClassVar[dict[str, "type[ResourceManager]"]] = {}
    _loaders: ClassVar[dict[str, Loader]] = {}

    _discoveries: ClassVar[list[Callable[[], None]]] = []

    @classmethod
    def register_type(cls, rclass: "type[ResourceManager]") -> None:
        """Add a class under its rtype; the last registration of an rtype wins, as in NEPI."""
        if not rclass.rtype or rclass.rtype == "Resource":
            raise NepishellError(f"{rclass.__name__} has no rtype; write rtype = 'family::Name'")
        cls._resource_types[rclass.rtype] = rclass

    @classmethod
    def register_loader(cls, rtype: str, loader: Loader) -> None:
        """Know that *rtype* exists; *loader* imports its class when it is first needed."""
        cls._loaders.setdefault(rtype, loader)

    @classmethod
    def register_discovery(cls, discovery: Callable[[], None]) -> None:
        """Call *discovery* once, before a type is said not to exist and before all are listed.

        For types that are dear to look for, such as those of installed packages.
        """
        cls._discoveries.append(discovery)

    @classmethod
    def _discover(cls) -> None:
        while cls._discoveries:
            cls._discoveries.pop()()

    @classmethod
    def rtypes(cls) -> list[str]:
        """Names of all known types, sorted; loads none of them."""
        cls._discover()
        return sorted({*cls._resource_types, *cls._loaders})

    @classmethod
    def resource_types(cls) -> dict[str, "type[ResourceManager]"]:
        """All known types, loaded."""
        cls._discover()
        for rtype in list(cls._loaders):
            cls.get_resource_type(rtype)
        return dict(cls._resource_types)

    @classmethod
    def get_resource_type(cls, rtype: str) -> "type[ResourceManager] | None":
        """The class of *rtype*, or None."""
        if rtype in cls._resource_types:
            return cls._resource_types[rtype]
        if rtype not in cls._loaders:
            cls._discover()
        if rtype in cls._loaders:
            cls._resource_types[rtype] = cls._loaders[rtype]()
        return cls._resource_types.get(rtype)

    @classmethod
    def find(cls, rtype: str) -> "type[ResourceManager]":
        """The class of *rtype*; raises UnknownName."""
        rclass = cls.get_resource_type(rtype)
        if rclass is None:
            raise UnknownName(f"no resource type '{rtype}'{did_you_mean(rtype, cls.rtypes())}")
        return rclass

    @classmethod
    def create(cls, rtype: str, ec: "ExperimentController", guid: int) -> "ResourceManager":
        """A new resource manager; raises UnknownName."""
        return cls.find(rtype)(ec, guid)
