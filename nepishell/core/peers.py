"""What a resource type connects to, and what it needs of it: declared, not programmed.

`node = Peer("netns::Node", min=1, max=1, needs={DEPLOY: READY, START: STARTED})` reads: I connect
to exactly one netns::Node; it must be READY before I deploy and STARTED before I start. From that
the engine derives the order of deployment (and, reversed, of release), the grammar derives
completion, and both ends of a connection are checked before either changes.
"""

from collections.abc import Mapping
from typing import Any

from nepishell.core.states import ResourceAction, ResourceState

NEEDS_READY = {ResourceAction.DEPLOY: ResourceState.READY}


class Peer:
    """One kind of neighbour of a resource type.

    *rtypes*: rtype strings, one of which the neighbour (or a base class of it) must have.
    *min*, *max*: how many are needed and allowed (max None: any number). *needs*: the state of
    the neighbour that must be reached before an action of mine; empty: no order.
    As a class attribute it reads the connected resource (max == 1: it or None) or a list.
    """

    __slots__ = ("_wanted", "help", "max", "min", "name", "needs", "rtypes")

    def __init__(
        self,
        *rtypes: str,
        min: int = 0,  # noqa: A002 - the word of the field
        max: int | None = 1,  # noqa: A002 - the word of the field
        needs: Mapping[ResourceAction, ResourceState] = NEEDS_READY,
        help: str = "",  # noqa: A002 - the word of the field
    ) -> None:
        self.rtypes = rtypes
        self._wanted = frozenset(rtypes)
        self.min = min
        self.max = max
        self.needs = dict(needs)
        self.help = help
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        found = instance.get_peers(self)
        if self.max != 1:
            return found
        return found[0] if found else None

    def accepts(self, rtypes: frozenset[str]) -> bool:
        """Whether a resource that has these rtypes (its own and its bases') may be connected."""
        return not self._wanted.isdisjoint(rtypes)

    def __str__(self) -> str:
        count = str(self.min) if self.min == self.max else f"{self.min}..{self.max or 'any'}"
        return f"{count} {' or '.join(self.rtypes)}"
