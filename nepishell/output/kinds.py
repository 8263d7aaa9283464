"""What the values of a column are: how they look, compare, and stand in JSON.

Values are kept in base units (seconds, bit/s, bytes, percent), so that `where` and `sort` compare
numbers and `json` gives them to programs as they are; only text for people carries units.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.states import ResourceState, parse_state
from nepishell.core.timestamps import parse_stamp
from nepishell.core.units import (
    format_duration,
    format_percent,
    format_rate,
    format_size,
    parse_duration,
    parse_percent,
    parse_rate,
    parse_size,
)

# C1 codes and marks that turn the direction of text are obeyed by terminals too
_REST = r"\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_DANGEROUS = re.compile(rf"[\x00-\x1f{_REST}]")
_LINES = re.compile(rf"[\x00-\x08\x0b-\x1f{_REST}]")
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def clean(text: str, *, lines: bool = False) -> str:
    """*text* without power over a terminal: control characters are shown as \\x1b.

    *lines*: new lines and tabs stay.
    """
    return (_LINES if lines else _DANGEROUS).sub(_shown, text)


def _shown(hit: re.Match[str]) -> str:
    char = hit.group()
    code = ord(char)
    return _NAMED.get(char) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def _plain_number(parse: Callable[[str], float]) -> Callable[[str], float]:
    """*parse*, that also takes a number without a unit as one in the base unit."""

    def read(text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return parse(text)

    return read


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadValue(f"'{text}' is not a number; write digits, as in 0.5") from None


def _bool(text: str) -> bool:
    return text.strip().lower() in ("true", "yes", "on", "1")


def _short(value: float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """How values of one kind are written for people and read from a condition.

    *parse* makes text comparable with a value; None: compared as text.
    """

    name: str
    format: Callable[..., str]
    parse: Callable[[str], object] | None = None
    right: bool = False


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("text", str),
        Kind("int", str, _number, right=True),
        Kind("number", _short, _number, right=True),
        Kind("bool", lambda value: "true" if value else "false", _bool),
        Kind("state", lambda value: ResourceState(value).name, parse_state),
        Kind("duration", format_duration, _plain_number(parse_duration), right=True),
        Kind("rate", format_rate, _plain_number(parse_rate), right=True),
        Kind("size", format_size, _plain_number(parse_size), right=True),
        Kind("percent", format_percent, _plain_number(parse_percent), right=True),
        Kind("time", lambda value: value.strftime("%Y-%m-%d %H:%M:%S"), parse_stamp),
    )
}


def kind_of(value: object) -> str:
    """The kind of a value of a column that declares none."""
    match value:
        case bool():
            return "bool"
        case ResourceState():
            return "state"
        case int():
            return "int"
        case float():
            return "number"
        case datetime():
            return "time"
    return "text"


def written(value: object, kind: str) -> str:
    """One value for people, on one line, harmless to a terminal; '' for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(written(each, kind) for each in value)
    if isinstance(value, Enum) and kind != "state":
        return clean(value.name)
    try:
        return clean(KINDS[kind].format(value))
    except (TypeError, ValueError, NepishellError):
        # the column says duration, this row has something else: show it as it is
        return clean(str(value))
