"""Quantities whose kind is told by their unit, and bounds on them: `35ms..60ms`, `>=3`, `<5%`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nepishell.core.errors import BadValue
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

_Kind = tuple[str, re.Pattern[str], Callable[[str], float], Callable[[float], str]]
_KINDS: tuple[_Kind, ...] = (
    ("percent", re.compile(r".*%"), parse_percent, format_percent),
    ("rate", re.compile(r".*(bit|bps)", re.I), parse_rate, format_rate),
    ("size", re.compile(r".*b", re.I), parse_size, lambda size: format_size(round(size))),
    ("duration", re.compile(r".*(h|m|s)"), parse_duration, format_duration),
)
_FORMAT = {kind: form for kind, _, _, form in _KINDS}
_PLAIN = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
# no digit may be read in two ways: long nonsense must not take long
_NUM = r"(?:\d+(?:\.\d*)?|\.\d+)"
_BEGUN = re.compile(
    r"-?\d*(?:\.\d*)?(?:[eE][-+]?\d*)?"
    rf"|(?:{_NUM}(?:h|ms|m|s|us|µs|ns))*(?:{_NUM}\s?(?:%|[a-zA-Zµ]{{0,4}}))?"
)


def parse_quantity(text: str) -> tuple[float, str]:
    """(number in the base unit, kind): '35ms' -> (0.035, 'duration'). Raises BadValue.

    Kinds: number, duration (seconds), rate (bit/s), size (bytes), percent.
    """
    if _PLAIN.fullmatch(text):
        return float(text), "number"
    for kind, looks, parse, _ in _KINDS:
        if looks.fullmatch(text):
            return parse(text), kind
    raise BadValue(f"'{text}' is not a quantity; write a number and a unit, as in 35ms, 5%, 10mbit")


def format_quantity(value: float, kind: str) -> str:
    """The text that parses to (value, kind)."""
    if kind == "number":
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return _FORMAT[kind](value)


def may_begin_quantity(text: str) -> bool:
    """Whether more letters could make *text* a quantity."""
    return _BEGUN.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Bound:
    """What a number must satisfy: low <= x <= high, ends excluded where *open*.

    Numbers are in the base unit of *kind* (see parse_quantity); None: no limit on that side.
    """

    low: float | None
    high: float | None
    kind: str = "number"
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: float) -> bool:
        """Whether *value*, in the base unit, satisfies it."""
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return False
        return self.high is None or value < self.high or (value == self.high and not self.high_open)

    def __str__(self) -> str:
        low = "" if self.low is None else format_quantity(self.low, self.kind)
        high = "" if self.high is None else format_quantity(self.high, self.kind)
        if low and high:
            return low if self.low == self.high else f"{low}..{high}"
        return f"{'>' if self.low_open else '>='}{low}" if low else (
            f"{'<' if self.high_open else '<='}{high}"
        )  # fmt: skip


OPERATORS = frozenset({">", ">=", "<", "<=", "="})


def parse_bound(text: str) -> Bound:
    """A Bound from `a..b`, `>a`, `>=a`, `<a`, `<=a`, `=a` or `a`; raises BadValue."""
    found = re.match(r"(>=|<=|>|<|=)\s*", text)
    if found:
        value, kind = parse_quantity(text[found.end() :])
        match found[1]:
            case ">" | ">=":
                return Bound(value, None, kind, low_open=found[1] == ">")
            case "<" | "<=":
                return Bound(None, value, kind, high_open=found[1] == "<")
        return Bound(value, value, kind)
    low_text, dots, high_text = text.partition("..")
    low, kind = parse_quantity(low_text)
    if not dots:
        return Bound(low, low, kind)
    high, high_kind = parse_quantity(high_text)
    if kind != high_kind:
        raise BadValue(f"'{text}': {kind} and {high_kind} cannot be compared; use the same unit")
    if low > high:
        raise BadValue(f"'{text}' holds nothing; write the smaller number first")
    return Bound(low, high, kind)
