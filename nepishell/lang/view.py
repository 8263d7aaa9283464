"""What the argument types see of an experiment: an immutable picture, and few questions to it.

The walk asks on every keystroke, so an answer must not depend on how many resources there are:
`names()` hands out a sorted index that is built once per change of names, not per change of state,
and what must look at all resources goes through `recall()`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar

from nepishell.core.attributes import Attribute, Value
from nepishell.core.states import ResourceState
from nepishell.core.traces import Trace
from nepishell.lang.names import Names

T = TypeVar("T")


class Row(Protocol):
    """One resource; the rows of the engine's snapshot fit."""

    @property
    def guid(self) -> int: ...
    @property
    def rtype(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def state(self) -> ResourceState: ...
    @property
    def group(self) -> int | None: ...


class TypeInfo(Protocol):
    """What is declared for an rtype."""

    @property
    def help(self) -> str: ...
    @property
    def attributes(self) -> Mapping[str, Attribute]: ...
    @property
    def traces(self) -> Sequence[Trace]: ...
    @property
    def rtypes(self) -> Collection[str]:
        """The rtype, and those of the types it is built on."""


class View(Protocol):
    """An experiment at one moment. Nothing it answers ever changes."""

    def guids(self) -> Sequence[int]:
        """All guids, ascending; the same sequence each time."""

    def having(
        self,
        *,
        state: ResourceState | None = None,
        group: int | None = None,
        rtypes: Collection[str] = (),
    ) -> Sequence[int]:
        """Guids, ascending, of those in a state, of a group, or of some rtypes: looks at all."""

    def recall(self, key: object, make: Callable[[], T]) -> T:
        """What *make* gives; a view for a prompt may give what it gave half a second ago."""

    def state(self, guid: int) -> ResourceState | None:
        """The state alone, cheaper than the row; None when there is no such guid."""

    def row(self, guid: int) -> Row | None:
        """The resource, or None when there is no such guid."""

    def find(self, label: str) -> int | None:
        """The guid of a label, or None."""

    def info(self, rtype: str) -> TypeInfo | None:
        """What is declared for *rtype*, or None when there is no such type."""

    def value(self, guid: int, attribute: str) -> Value:
        """What is set now; None when nothing is, or when it must not be read."""

    def metrics(self, guid: int) -> Sequence[str]:
        """Numbers that a resource offers to `expect`: 'rtt.avg', 'loss'."""

    def names(self, kind: str) -> Names:
        """A sorted index: 'label', 'rtype', 'used rtype' (of some resource), 'group', 'task',
        'param', 'recipe', or a kind of a plug-in; empty for a kind it does not know."""

    def note(self, kind: str, name: str) -> str:
        """What the menu shows beside a name of that kind; '' for nothing."""


@dataclass(frozen=True, slots=True)
class StaticRow:
    """A Row written by hand."""

    guid: int
    rtype: str
    label: str = ""
    state: ResourceState = ResourceState.NEW
    group: int | None = None


@dataclass(frozen=True, slots=True)
class StaticType:
    """A TypeInfo written by hand."""

    help: str = ""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    traces: Sequence[Trace] = ()
    rtypes: Collection[str] = ()


class StaticView:
    """A View written by hand: for tests, and for grammars that need no experiment."""

    def __init__(
        self,
        rows: Iterable[StaticRow] = (),
        types: Mapping[str, StaticType] | None = None,
        values: Mapping[tuple[int, str], Value] | None = None,
        metrics: Mapping[int, Sequence[str]] | None = None,
        names: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """*names*: kind -> name -> note, for what is neither a resource nor a type."""
        self._rows = {row.guid: row for row in sorted(rows, key=lambda row: row.guid)}
        self._labels = {row.label: row.guid for row in self._rows.values() if row.label}
        self._types = dict(types or {})
        self._values = dict(values or {})
        self._metrics = dict(metrics or {})
        self._names = {kind: dict(notes) for kind, notes in (names or {}).items()}

    @cached_property
    def _guids(self) -> tuple[int, ...]:
        return tuple(self._rows)

    @cached_property
    def _index(self) -> dict[str, Names]:
        groups = {str(row.group) for row in self._rows.values() if row.group is not None}
        index = {kind: Names(notes) for kind, notes in self._names.items()}
        index["label"] = Names(self._labels)
        index["rtype"] = Names(self._types)
        index["used rtype"] = Names(row.rtype for row in self._rows.values())
        index["group"] = Names(groups)
        return index

    def guids(self) -> Sequence[int]:
        return self._guids

    def having(
        self,
        *,
        state: ResourceState | None = None,
        group: int | None = None,
        rtypes: Collection[str] = (),
    ) -> Sequence[int]:
        return [
            guid
            for guid, row in self._rows.items()
            if state in (None, row.state)
            and group in (None, row.group)
            and (not rtypes or row.rtype in rtypes)
        ]

    def recall(self, key: object, make: Callable[[], T]) -> T:
        return make()

    def state(self, guid: int) -> ResourceState | None:
        return self._rows[guid].state if guid in self._rows else None

    def row(self, guid: int) -> Row | None:
        return self._rows.get(guid)

    def find(self, label: str) -> int | None:
        return self._labels.get(label)

    def info(self, rtype: str) -> TypeInfo | None:
        return self._types.get(rtype)

    def value(self, guid: int, attribute: str) -> Value:
        return self._values.get((guid, attribute))

    def metrics(self, guid: int) -> Sequence[str]:
        return self._metrics.get(guid, ())

    def names(self, kind: str) -> Names:
        return self._index.get(kind, Names())

    def note(self, kind: str, name: str) -> str:
        if kind == "rtype":
            return self._types[name].help if name in self._types else ""
        return self._names.get(kind, {}).get(name, "")
