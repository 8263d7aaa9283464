"""Events in columns, many to a record: a deployment makes hundreds of thousands of them.

`[order, [letter, column...]...]`: the letters of the events in order (but one where all are of a
kind), then for each kind a column of each field. A column that holds but one value is that value.
"""

from collections.abc import Callable, Sequence
from itertools import repeat
from math import isfinite
from typing import Any, get_type_hints

from nepishell.core import events
from nepishell.core.events import Event, StateChanged
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.journal.chain import MOST_S

#: The letter of each kind of event.
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
    "f": events.Suspected,
}
_CODE_OF = {cls: code for code, cls in CODES.items()}

Column = Sequence[Any]


def pack(batch: Sequence[Event]) -> list[Any]:
    """What unpack() makes the events of again, for JSON. Times are in microseconds.

    A list for each run of events of a kind takes twice as long where kinds take turns.
    """
    if not batch:
        return []
    order = "".join([_CODE_OF[event.__class__] for event in batch])
    codes = set(order)
    if len(codes) == 1:
        return [order[0], [order[0], *_columns(batch)]]
    kinds: dict[str, list[Event]] = {code: [] for code in codes}
    for code, event in zip(order, batch, strict=True):
        kinds[code].append(event)
    return [order, *([code, *_columns(found)] for code, found in kinds.items())]


def _columns(found: Sequence[Event]) -> list[Any]:
    at, *rest = zip(*found, strict=True)
    return [[int(one * 1e6) for one in at], *map(_shortened, rest)]


def _shortened(column: tuple[Any, ...]) -> Any:
    """Its value, where it holds but one; a list there would be taken for a column."""
    first = column[0]
    alike = first.__class__ is not tuple and column.count(first) == len(column)
    return first if alike else column


def unpack(packed: Any) -> list[Event]:
    """The events again; raises ValueError at what pack() never gives."""
    if not packed:
        return []
    try:
        order, *kinds = packed
        made = {code: _events(CODES[code], *columns) for code, *columns in kinds}
        return made[order] if len(order) == 1 else _in_order(order, made)
    except (TypeError, ValueError, KeyError):
        raise ValueError(f"no events look like {repr(packed)[:60]}") from None


def _in_order(order: Any, made: dict[str, list[Event]]) -> list[Event]:
    if order.__class__ is not str or any(
        order.count(code) != len(found) for code, found in made.items()
    ):
        raise ValueError
    left = {code: iter(found) for code, found in made.items()}
    return [next(left[code]) for code in order]


def _events(cls: Any, at: Any, *columns: Any) -> list[Event]:
    times = [one / 1e6 for one in _times(at)]
    values = [
        repeat(read([column])[0], len(times)) if column.__class__ is not list else read(column)
        for read, column in zip(_READERS[cls], columns, strict=True)
    ]
    return [cls(*row) for row in zip(times, *values, strict=True)]


def _of(column: Any, *kinds: type) -> Column:
    """*column*, if all in it is of *kinds*; numbers of a journal fit 64 bits."""
    if column.__class__ is not list or not {one.__class__ for one in column} <= set(kinds):
        raise TypeError
    return column


def _numbers(column: Column) -> Column:
    if not all(abs(one) < 2**63 for one in _of(column, int)):
        raise ValueError
    return column


def _times(column: Column) -> Column:
    if not all(0 <= one <= MOST_S * 1e6 for one in _of(column, int)):
        raise ValueError
    return column


def _seconds(column: Column) -> Column:
    if not all(map(isfinite, _of(column, int, float))):
        raise ValueError
    return column


def _guids(column: Column) -> Column:
    return [tuple(_numbers(one)) for one in _of(column, list)]


_STATES: dict[int, ResourceState] = {int(one): one for one in ResourceState}
_ACTIONS: dict[int, ResourceAction] = {int(one): one for one in ResourceAction}
#: Type of a field -> what makes its column from what JSON gives; raises TypeError or ValueError.
_READ: dict[Any, Callable[[Column], Column]] = {
    int: _numbers,
    float: _seconds,
    str: lambda column: _of(column, str),
    bool: lambda column: _of(column, bool),
    ResourceState: lambda column: [_STATES[one] for one in _numbers(column)],
    ResourceAction: lambda column: [_ACTIONS[one] for one in _numbers(column)],
    tuple[int, ...]: _guids,
}
_READERS = {
    cls: [_READ[kind] for name, kind in get_type_hints(cls).items() if name != "at"]
    for cls in CODES.values()
}
