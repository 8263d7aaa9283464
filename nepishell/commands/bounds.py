"""What an `expect` wants of a value: a range of quantities, or a text.

`35ms..60ms`, `..60ms`, `9mbit..`, `0%`, `2*20ms+-5ms` (give or take), `20ms/5`. Values are
compared in base units, so `0.04s` is `40ms`; a bound of another kind than the value is an error.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from nepishell.core.attributes import Types
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

_KINDS: tuple[tuple[Types, Callable[[str], float]], ...] = (
    (Types.Double, float),
    (Types.Percent, parse_percent),
    (Types.Duration, parse_duration),
    (Types.Rate, parse_rate),
    (Types.Size, parse_size),
)
_TERM = re.compile(
    r"(?:(?P<times>\d+(?:\.\d+)?)\*)?(?P<quantity>[^*/]+)(?:/(?P<by>\d+(?:\.\d+)?))?"
)
_KIND_NAMES = {
    Types.Percent: "a percentage",
    Types.Duration: "a duration",
    Types.Rate: "a rate",
    Types.Size: "a size",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in its base unit; *kind* Double: a plain number, fit for any kind."""

    value: float
    kind: Types = Types.Double

    def __str__(self) -> str:
        return format_quantity(self.value, self.kind)


def format_quantity(value: float, kind: Types) -> str:
    """*value* with its unit, rounded to four digits: measured values have no more."""
    rounded = float(f"{value:.4g}")
    match kind:
        case Types.Duration:
            return format_duration(rounded) if rounded >= 0 else f"-{format_duration(-rounded)}"
        case Types.Rate:
            return format_rate(rounded)
        case Types.Percent:
            return format_percent(rounded)
        case Types.Size:
            return format_size(round(value))
        case Types.Integer:
            return str(round(value))
    return f"{rounded:g}"


def parse_quantity(text: str) -> Quantity:
    """A number with a unit, times or divided by a plain number: `40ms`, `2*20ms`, `20ms/5`.

    Raises BadValue.
    """
    term = _TERM.fullmatch(text)
    if term is not None:
        factor = float(term["times"] or 1) / (float(term["by"] or 1) or math.nan)
        for kind, parse in _KINDS:
            try:
                value = parse(term["quantity"]) * factor
            except ValueError:
                continue
            if math.isfinite(value):
                return Quantity(value, kind)
    raise BadValue(f"'{text}' is not a quantity; write a number and a unit, as in 40ms, 9mbit, 5%")


@dataclass(frozen=True, slots=True)
class Bound:
    """The values that are wanted: from *low* to *high* inclusive, or exactly *text*."""

    text: str
    low: float = -math.inf
    high: float = math.inf
    kind: Types | None = None  # None: a text, not a range of numbers

    def __str__(self) -> str:
        return self.text

    def holds(self, value: float) -> bool:
        """Whether *value*, in base units, is inside; a billionth of rounding is forgiven."""
        slack = 1e-9 * abs(value)
        return self.low - slack <= value <= self.high + slack

    def check_kind(self, name: str, kind: Types) -> None:
        """Raises BadValue when this bound cannot be compared with a *name* of this *kind*."""
        if self.kind is None or (self.kind is not Types.Double and self.kind is not kind):
            wanted = _KIND_NAMES.get(kind, "a number")
            raise BadValue(f"{name} is {wanted}: '{self.text}' cannot be compared with it")


def parse_bound(text: str) -> Bound:
    """A range or an exact quantity where *text* reads as one, otherwise the text itself.

    Raises BadValue for a range of which one end is no quantity, or that is empty.
    """
    if ".." in text:
        low, _, high = text.partition("..")
        return _range(text, low, high)
    for sign in ("+-", "±"):
        if sign in text:
            middle, _, width = text.partition(sign)
            return _around(text, middle, width)
    try:
        exact = parse_quantity(text)
    except BadValue:
        return Bound(text)
    return Bound(text, exact.value, exact.value, exact.kind)


def _range(text: str, low: str, high: str) -> Bound:
    ends = [parse_quantity(end) for end in (low, high) if end]
    if not ends:
        raise BadValue(f"'{text}' is not a range; write one or both ends, as in 35ms..60ms")
    kind = _common_kind(text, ends)
    first = ends[0].value if low else -math.inf
    last = ends[-1].value if high else math.inf
    if first > last:
        raise BadValue(f"'{text}' is an empty range; write the smaller end first")
    return Bound(text, first, last, kind)


def _around(text: str, middle: str, width: str) -> Bound:
    centre, spread = parse_quantity(middle), parse_quantity(width)
    if spread.kind is Types.Percent and centre.kind is not Types.Percent:
        spread = Quantity(abs(centre.value) * spread.value / 100, centre.kind)
    kind = _common_kind(text, [centre, spread])
    return Bound(text, centre.value - spread.value, centre.value + spread.value, kind)


def _common_kind(text: str, quantities: list[Quantity]) -> Types:
    kinds = {quantity.kind for quantity in quantities} - {Types.Double}
    if len(kinds) > 1:
        raise BadValue(f"'{text}' mixes units; write both ends in the same kind of unit")
    return kinds.pop() if kinds else Types.Double
