"""What the language sees of a running experiment.

Single answers (a row, a label) come from the controller's tables, so a recipe of many lines costs
nothing per line; lists come from its snapshot. The indexes of names are kept until a name changes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nepishell.commands.measures import metrics_of
from nepishell.core.attributes import Attribute, Flags, Value
from nepishell.core.traces import Trace
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.lang.names import Names
from nepishell.lang.view import Row, StaticRow

#: Notes beside names that are neither resources nor types: kind -> name -> note.
Extra = Callable[[], Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Declared:
    """What a resource type declares, as the language asks for it."""

    help: str
    attributes: Mapping[str, Attribute]
    traces: Sequence[Trace]


class Indexes:
    """Sorted names of one controller, remembered from one view to the next."""

    def __init__(self) -> None:
        self.types: dict[str, Declared] = {}
        self._labels: tuple[str, ...] = ()
        self._guids: tuple[int, ...] = ()
        self._label_names = Names()
        self._guid_names = Names()

    def labels(self, labels: tuple[str, ...]) -> Names:
        """The index of *labels*; the same as last time when they are the same."""
        if labels != self._labels:
            self._labels, self._label_names = labels, Names(filter(None, labels))
        return self._label_names

    def guids(self, guids: tuple[int, ...]) -> Names:
        """The index of *guids* as text."""
        if guids != self._guids:
            self._guids, self._guid_names = guids, Names(map(str, guids))
        return self._guid_names


class ExperimentView:
    """The View of a controller, made anew for each line."""

    def __init__(self, ec: ExperimentController, indexes: Indexes, extra: Extra) -> None:
        self._ec = ec
        self._indexes = indexes
        self._extra = extra
        self._sorted: tuple[int, ...] | None = None

    def guids(self) -> Sequence[int]:
        """All guids, ascending."""
        if self._sorted is None:
            rows = self._ec.snapshot().resources
            self._sorted = tuple(sorted(row.guid for row in rows))
        return self._sorted

    def rows(self) -> Iterable[Row]:
        """All resources, in the order of guids()."""
        return sorted(self._ec.snapshot().resources, key=lambda row: row.guid)

    def row(self, guid: int) -> Row | None:
        """The resource, or None."""
        rm = self._ec.get_resource(guid)
        if rm is None:
            return None
        return StaticRow(guid, rm.rtype, rm.label, rm.state, rm.deployment_group)

    def find(self, label: str) -> int | None:
        """The guid of a label, or None."""
        # ec.find() would look for what was meant each time a label is not there (yet)
        return self._ec._labels.get(label)

    def info(self, rtype: str) -> Declared | None:
        """What an rtype declares, or None."""
        known = self._indexes.types
        if rtype not in known:
            rclass = ResourceFactory.get_resource_type(rtype)
            if rclass is None:
                return None
            traces = tuple(rclass._traces.values())
            known[rtype] = Declared(rclass.get_help(), rclass._attributes, traces)
        return known[rtype]

    def value(self, guid: int, attribute: str) -> Value:
        """What is set now; None for nothing, and for what must not be read."""
        rm = self._ec.get_resource(guid)
        declared = rm._attributes.get(attribute) if rm is not None else None
        secret = Flags.NoRead | Flags.Credential
        if rm is None or declared is None or declared.flags & secret & ~Flags.Design:
            return None
        found: Value = rm.get(attribute)
        return found

    def metrics(self, guid: int) -> Sequence[str]:
        """What `expect` and `get` can ask of a resource."""
        rm = self._ec.get_resource(guid)
        return () if rm is None else metrics_of(rm)

    def names(self, kind: str) -> Names:
        """A sorted index of names."""
        match kind:
            case "label":
                rows = self._ec.snapshot().resources
                return self._indexes.labels(tuple(row.label for row in rows))
            case "guid":
                return self._indexes.guids(tuple(self.guids()))
            case "rtype":
                return Names(ResourceFactory.rtypes())
            case "used rtype":
                return Names({row.rtype for row in self._ec.snapshot().resources})
            case "group":
                groups = {row.group for row in self._ec.snapshot().resources if row.group}
                return Names(map(str, groups))
        return Names(self._extra().get(kind, ()))

    def note(self, kind: str, name: str) -> str:
        """What the menu shows beside a name."""
        if kind == "rtype":
            info = self.info(name)
            return info.help if info else ""
        return self._extra().get(kind, {}).get(name, "")
