"""What the language sees of a running experiment.

Answers come from the controller's tables, so they cost the same whether states change or not; the
indexes of names grow by what is new and are built again only when a name goes. What must look at
all resources (`@FAILED`) is remembered: at a prompt for half a second, else until a change.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from nepishell.commands.measures import metrics_of
from nepishell.commands.places import recipe_folders, shipped
from nepishell.core.attributes import Attribute, Flags, Value
from nepishell.core.states import ResourceState
from nepishell.core.traces import Trace
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.lang.names import Names
from nepishell.lang.view import Row

T = TypeVar("T")

#: Notes beside names that are neither resources nor types: kind -> name -> note.
Extra = Callable[[], Mapping[str, Mapping[str, str]]]
#: Seconds for which a prompt believes what needed a look at every resource.
BELIEVED_S = 0.5
#: Answers that are remembered at most.
_KEPT = 32


@dataclass(frozen=True, slots=True)
class Declared:
    """What a resource type declares, as the language asks for it."""

    help: str
    attributes: Mapping[str, Attribute]
    traces: Sequence[Trace]
    rtypes: Collection[str]


class Seen(NamedTuple):
    """One resource at one moment."""

    guid: int
    rtype: str
    label: str
    state: ResourceState
    group: int | None


class _Index(NamedTuple):
    """Names, and how much of the tables they were made of."""

    withdrawn: int = -1
    size: int = 0
    names: Names = Names()
    guids: tuple[int, ...] = ()


class _Kept(NamedTuple):
    """An answer, the version it was found at, and when."""

    version: int
    at: float
    answer: object


class Indexes:
    """What views of one controller remember from one to the next; safe from any thread."""

    def __init__(self) -> None:
        self.types: dict[str, Declared] = {}
        # each is replaced as a whole: two threads may do the same work, none sees half of it
        self._labels = self._guids = self._rtypes = _Index()
        self._kept: dict[object, _Kept] = {}

    def labels(self, ec: ExperimentController) -> Names:
        """The labels, sorted."""
        was, withdrawn = self._labels, ec.withdrawn
        if was.withdrawn != withdrawn:
            found = list(ec.labels)
            self._labels = _Index(withdrawn, len(found), Names(found))
        elif was.size != len(ec.labels):
            found = list(ec.labels)
            names = was.names.plus(found[was.size :])
            self._labels = _Index(withdrawn, len(found), names)
        return self._labels.names

    def guids(self, ec: ExperimentController) -> tuple[int, ...]:
        """The guids, ascending."""
        was, withdrawn = self._guids, ec.withdrawn
        if was.withdrawn != withdrawn or was.size != len(ec.managers):
            found = ec.resources
            self._guids = _Index(withdrawn, len(found), guids=tuple(sorted(found)))
        return self._guids.guids

    def rtypes(self, ec: ExperimentController) -> Names:
        """The rtypes of which there are resources."""
        was, withdrawn = self._rtypes, ec.withdrawn
        if was.withdrawn != withdrawn:
            was = _Index(withdrawn)
        if was.size != len(ec.managers):
            found = list(ec.managers.values())
            new = {rm.rtype for rm in found[was.size :]}
            was = _Index(withdrawn, len(found), Names({*was.names, *new}))
        self._rtypes = was
        return was.names

    def recall(self, key: object, version: int, make: Callable[[], T], *, believe: bool) -> T:
        """What *make* gave for *key*, or gives now."""
        kept = self._kept.get(key)
        if kept is not None:
            fresh = kept.version == version
            if fresh or (believe and time.monotonic() - kept.at < BELIEVED_S):
                answer: T = kept.answer  # type: ignore[assignment]  # the key says what it is
                return answer
        if len(self._kept) >= _KEPT:
            self._kept = {}
        found = make()
        self._kept[key] = _Kept(version, time.monotonic(), found)
        return found


class ExperimentView:
    """The View of a controller, made anew for each line. *glance*: for a line not finished yet."""

    def __init__(
        self, ec: ExperimentController, indexes: Indexes, extra: Extra, *, glance: bool = False
    ) -> None:
        self._ec = ec
        self._indexes = indexes
        self._extra = extra
        self._glance = glance
        # asked hundreds of times for one menu
        self._managers, self._labels = ec.managers, ec.labels

    def guids(self) -> Sequence[int]:
        """All guids, ascending."""
        return self._indexes.guids(self._ec)

    def having(
        self,
        *,
        state: ResourceState | None = None,
        group: int | None = None,
        rtypes: Collection[str] = (),
    ) -> Sequence[int]:
        """Guids, ascending, of those in a state, of a group, or of some rtypes."""
        found = list(self._managers.values())
        if state is not None:
            found = [rm for rm in found if rm._state is state]
        if group is not None:
            found = [rm for rm in found if rm.deployment_group == group]
        if rtypes:
            found = [rm for rm in found if rm.rtype in rtypes]
        return sorted(rm._guid for rm in found)

    def recall(self, key: object, make: Callable[[], T]) -> T:
        """What *make* gives, or gave a moment ago."""
        return self._indexes.recall(key, self._ec.version, make, believe=self._glance)

    def state(self, guid: int) -> ResourceState | None:
        """The state of a resource, or None."""
        rm = self._managers.get(guid)
        return rm._state if rm is not None else None

    def row(self, guid: int) -> Row | None:
        """The resource, or None."""
        rm = self._managers.get(guid)
        if rm is None:
            return None
        return Seen(guid, rm.rtype, rm.label, rm.state, rm.deployment_group)

    def find(self, label: str) -> int | None:
        """The guid of a label, or None."""
        # ec.find() would look for what was meant each time a label is not there (yet)
        return self._labels.get(label)

    def info(self, rtype: str) -> Declared | None:
        """What an rtype declares, or None."""
        known = self._indexes.types
        if rtype not in known:
            rclass = ResourceFactory.get_resource_type(rtype)
            if rclass is None:
                return None
            traces = tuple(rclass._traces.values())
            known[rtype] = Declared(
                rclass.get_help(), rclass._attributes, traces, rclass._rtypes
            )  # fmt: skip
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
                return self._indexes.labels(self._ec)
            case "rtype":
                return Names(ResourceFactory.rtypes())
            case "used rtype":
                return self._indexes.rtypes(self._ec)
            case "group":
                return self.recall("groups", self._groups)
            case "recipe":
                return self.recall("recipes", lambda: Names(shipped(recipe_folders())))
        return Names(self._extra().get(kind, ()))

    def _groups(self) -> Names:
        groups = {rm.deployment_group for rm in list(self._managers.values())}
        return Names(map(str, groups - {None}))

    def note(self, kind: str, name: str) -> str:
        """What the menu shows beside a name."""
        if kind == "rtype":
            info = self.info(name)
            return info.help if info else ""
        return self._extra().get(kind, {}).get(name, "")
