"""What people did in a run, read from its journal: each command, what it described, what came of
it, and what happened by itself meanwhile. Commands that were undone are known as such.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nepishell.core import events as told
from nepishell.core.errors import NepishellError
from nepishell.core.events import Event, StateChanged
from nepishell.core.states import ResourceState
from nepishell.journal.chain import Record
from nepishell.journal.packing import unpack
from nepishell.lang.registry import DESIGN, LOOK

#: Events that only describing commands bring about.
DESCRIBES = (
    told.ResourceAdded,
    told.ResourceRemoved,
    told.Labelled,
    told.AttributeSet,
    told.Connected,
    told.Disconnected,
    told.ConditionAdded,
    told.ConditionRemoved,
    told.SettingAwaited,
    told.SettingOver,
    told.TraceSwitched,
)
#: Times in a journal are rounded: seconds by which they may be off.
_ROUNDED_S = 1e-5
#: Commands that only look, and belong to a recipe all the same.
SAID = frozenset({"say", "expect", "wait"})


@dataclass(slots=True, eq=False)
class Planned:
    """What `at` or `every` planned: *due* or *interval* in seconds; *over*: when it was over."""

    number: int
    line: str
    due: float | None = None
    interval: float | None = None
    times: int | None = None
    over: float | None = None


@dataclass(slots=True, eq=False)
class Deed:
    """One command that went well. Times are seconds of the run's clock.

    *events*: those of DESCRIBES while it was done; *groups*: what it deployed; *seen*: how many
    moves there were before it; *changes*: whether undo takes it back.
    """

    line: str
    does: str
    began: float
    ended: float = 0.0
    events: list[Event] = field(default_factory=list)
    groups: list[told.Deployed] = field(default_factory=list)
    planned: Planned | None = None
    seen: int = 0
    changes: bool = False

    @property
    def verb(self) -> str:
        """Its first word."""
        return (self.line.split() or [""])[0]

    @property
    def describes(self) -> bool:
        """Whether it described, so that it could be undone."""
        return self.does == DESIGN.value


@dataclass(slots=True)
class Deeds:
    """All of a run. *done*: without what was undone; *moves*: of all resources, in order."""

    done: list[Deed] = field(default_factory=list)
    moves: list[StateChanged] = field(default_factory=list)
    #: when settings that were awaited were made
    settings: list[float] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)
    rtypes: dict[int, str] = field(default_factory=dict)
    at: float = 0.0

    def before(self, deed: Deed) -> int:
        """How many moves came before *deed*; of the same moment, those that were told before."""
        since = deed.began - _ROUNDED_S
        return max(deed.seen, bisect_left(self.moves, since, key=lambda move: move.at))

    def first(self, guid: int, state: ResourceState, since: float = 0.0) -> float | None:
        """When *guid* entered *state* for the first time from *since* on; None for never."""
        since -= _ROUNDED_S
        return next(
            (m.at for m in self.moves if m.guid == guid and m.new is state and m.at >= since), None
        )


def read_deeds(records: Iterable[Record]) -> Deeds:
    """What the journal with these *records* says; commands that failed are left out."""
    reader = _Reader()
    for record in records:
        reader.take(record)
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found = Deeds()
        self._open: dict[int, Deed] = {}
        self._undone: list[Deed] = []
        self._values: dict[tuple[int, str], str] = {}
        self._awaited: set[tuple[int, str]] = set()
        self._jobs: dict[int, Planned] = {}

    def take(self, record: Record) -> None:
        self.found.at = max(self.found.at, record.at)
        data = record.data
        match record.kind:
            case "events":
                for event in _unpacked(record):
                    self._happened(event)
            case "command" if isinstance(data.get("c"), int):
                self._open[data["c"]] = Deed(
                    str(data.get("line", "")), str(data.get("does", "")), record.at,
                    seen=len(self.found.moves),
                )  # fmt: skip
            case "outcome" if data.get("c") in self._open:
                self._over(self._open.pop(data["c"]), record.at, failed=bool(data.get("error")))
            case "job" if isinstance(data.get("job"), int):
                self._planned(data["job"], data)
            case "job over" if data.get("job") in self._jobs:
                self._jobs[data["job"]].over = record.at

    def _happened(self, event: Event) -> None:
        deed = next(reversed(self._open.values()), None)
        match event:
            case StateChanged():
                self.found.moves.append(event)
            case told.Deployed() if deed is not None:
                deed.groups.append(event)
            case told.ResourceAdded(guid=guid, rtype=rtype):
                # undo gives numbers back: they may be of others now
                self.found.rtypes[guid] = rtype
                self.found.labels.pop(guid, None)
            case told.Labelled(guid=guid, label=label) if label:
                self.found.labels[guid] = label
            case told.SettingAwaited(guid=guid, name=name):
                self._awaited.add((guid, name))
            case told.AttributeSet(guid=guid, name=name) if (guid, name) in self._awaited:
                if deed is None or not deed.describes:
                    self.found.settings.append(event.at)
        if deed is not None and deed.describes and isinstance(event, DESCRIBES):
            deed.events.append(event)
            deed.changes |= not self._is_so_already(event)

    def _is_so_already(self, event: Event) -> bool:
        """Whether *event* changes nothing: then undo passes it over."""
        if not isinstance(event, told.AttributeSet):
            return False
        before = self._values.get((event.guid, event.name))
        self._values[event.guid, event.name] = event.value
        return before == event.value

    def _planned(self, number: int, data: Mapping[str, Any]) -> None:
        planned = Planned(number, str(data.get("line", "")))
        for name in ("due", "interval", "times"):
            if isinstance(data.get(name), int | float):
                setattr(planned, name, data[name])
        self._jobs[number] = planned
        deed = next(reversed(self._open.values()), None)
        if deed is not None:
            deed.planned = planned

    def _over(self, deed: Deed, at: float, *, failed: bool) -> None:
        deed.ended = at
        # a deployment of which something failed was begun all the same
        if failed and not deed.groups:
            return
        if deed.verb in ("undo", "redo") and deed.describes:
            source, target = self.found.done, self._undone
            if deed.verb == "redo":
                source, target = target, source
            for _ in range(_how_many(deed.line)):
                _move(source, target)
        elif deed.does != LOOK.value or deed.verb in SAID:
            self.found.done.append(deed)
            if deed.changes:
                self._undone.clear()


def _unpacked(record: Record) -> Iterator[Event]:
    try:
        yield from unpack(record.data.get("e") or ())
    except ValueError as problem:
        raise NepishellError(f"record {record.number} of the journal: {problem}") from None


def _how_many(line: str) -> int:
    last = line.split()[-1]
    return int(last) if last.isdigit() else 1


def _move(source: list[Deed], target: list[Deed]) -> None:
    """The last that changed a description, or a parameter; what ran stays done."""
    for index in reversed(range(len(source))):
        if source[index].describes and (source[index].changes or source[index].verb == "param"):
            target.append(source.pop(index))
            return


def again(deeds: Deeds) -> Iterator[float]:
    """When resources entered states in which they had been before."""
    entered: set[tuple[int, ResourceState]] = set()
    for move in deeds.moves:
        if (move.guid, move.new) in entered:
            yield move.at
        entered.add((move.guid, move.new))


def never_used(deeds: Deeds) -> set[int]:
    """Resources that were removed again and never deployed: as if they had never been."""
    moved = {move.guid for move in deeds.moves}
    removed = {
        event.guid
        for deed in deeds.done
        for event in deed.events
        if isinstance(event, told.ResourceRemoved)
    }
    return removed - moved
