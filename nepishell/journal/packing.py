"""Events in columns, many to a record: a deployment makes hundreds of thousands of them."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from nepishell.core import events
from nepishell.core.events import Event, StateChanged
from nepishell.core.states import ResourceAction, ResourceState

#: First item of the list of a kind of event; what follows are columns of its fields.
CODES: dict[str, type[Any]] = {
    "s": StateChanged,
    "+": events.ResourceAdded,
    "-": events.ResourceRemoved,
    "c": events.Connected,
    "d": events.Disconnected,
    "l": events.Labelled,
    "v": events.AttributeSet,
    "w": events.ConditionAdded,
    "x": events.ConditionRemoved,
    "p": events.SettingAwaited,
    "q": events.SettingOver,
    "t": events.TraceSwitched,
    "g": events.Deployed,
    "i": events.Intended,
    "k": events.TaskFinished,
    "n": events.Noted,
    "a": events.RunAborted,
}
_CODE_OF = {cls: code for code, cls in CODES.items()}
_class = attrgetter("__class__")


def pack(batch: Iterable[Event]) -> list[list[Any]]:
    """Lists for JSON, one for each run of events of a kind: its code, then a column for each field.

    Times are in microseconds. Columns of numbers are written four times as fast as rows.
    """
    packed: list[list[Any]] = []
    for cls, run in groupby(batch, _class):
        at, *columns = zip(*run, strict=True)
        packed.append([_CODE_OF[cls], [int(one * 1e6) for one in at], *columns])
    return packed


def unpack(packed: Iterable[Any]) -> list[Event]:
    """The events again; raises ValueError at a list that none gives."""
    found: list[Event] = []
    for item in packed:
        try:
            code, *columns = item
            cls = CODES[code]
            typed = [
                [_typed(name, one) for one in column]
                for name, column in zip(cls._fields, columns, strict=True)
            ]
            found += [cls(*values) for values in zip(*typed, strict=True)]
        except (TypeError, ValueError, KeyError):
            raise ValueError(f"no events look like {item!r:.60}") from None
    return found


def _typed(name: str, value: Any) -> Any:
    match name:
        case "at":
            return value / 1e6
        case "old" | "new" | "state":
            return ResourceState(value)
        case "group" | "guids":
            return tuple(value) if isinstance(value, list) else value
        case "action":
            return ResourceAction(value)
    return value
