"""Records as JSON for programs. The form is stable:

1. One line per result: an array of objects for a listing, one object otherwise.
2. Every object has all columns, in order; what is not known is null.
3. Numbers are in base units (seconds, bit/s, bytes, percent from 0 to 100), states are their
   names, times are ISO 8601 with an offset. A sentence is {"message": "..."}.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from nepishell.core.states import ResourceState
from nepishell.output.records import Column, Drawing, Message, Record, Records, Result
from nepishell.output.style import Style

# what json.dumps leaves in strings and a terminal would obey
_LEFT = re.compile(r"[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def render(result: Result, style: Style) -> str:
    """*result* as one line of JSON; *style* does not matter."""
    match result:
        case Message(text):
            return _dump({"message": text})
        case Record():
            return _dump(_object(result.columns, result.values))
        case Records():
            return _dump([_object(result.columns, row) for row in result.rows])
        case Drawing(records):
            return render(records, style)


def _object(columns: Iterable[Column], values: Iterable[object]) -> dict[str, object]:
    pairs = zip(columns, values, strict=True)
    return {each.name: _plain(value, each.kind) for each, value in pairs}


def _plain(value: object, kind: str = "") -> object:
    match value:
        case None | bool() | str():
            return value
        case Enum():
            return value.name
        case int() if kind == "state":
            return ResourceState(value).name
        case int():
            return value
        case float():
            # JSON has no infinity and no NaN
            return value if abs(value) < float("inf") else None
        case datetime():
            return value.isoformat()
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(each, kind) for each in value]
    return str(value)


def _dump(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return _LEFT.sub(lambda hit: f"\\u{ord(hit.group()):04x}", text)
