"""What an `expect` wants of a value: a bound of the language, a little arithmetic, or a text.

`35ms..60ms`, `..60ms`, `9mbit..`, `>=3`, `0%`, and so that a recipe can say what it derives from
its parameters: `2*20ms+-5ms` (give or take), `20ms/5`, `10mbit+-10%`.
"""

import math
import re
from dataclasses import dataclass

from nepishell.core.errors import BadValue
from nepishell.lang.quantities import Bound, format_quantity, parse_bound, parse_quantity

_FACTOR = r"\d+(?:\.\d+)?"
_TERM = re.compile(rf"(?:(?P<times>{_FACTOR})\*)?(?P<quantity>[^*/]+)(?:/(?P<by>{_FACTOR}))?")
_OPERATOR = re.compile(r"[<>=]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: *bound* where it reads as numbers, otherwise just the *text*."""

    text: str
    bound: Bound | None = None

    def __str__(self) -> str:
        return self.text

    def holds(self, name: str, value: float, kind: str) -> bool:
        """Whether the number *value* is as wanted; a billionth of rounding is forgiven.

        Raises BadValue when *name*, a number of this *kind*, cannot be compared with it.
        """
        bound = self.bound
        if bound is None or (bound.kind not in ("number", kind) and kind != "number"):
            raise BadValue(f"{name} is a {kind}: '{self.text}' cannot be compared with it")
        if bound.kind != "number" and kind == "number":
            raise BadValue(f"{name} is a plain number: '{self.text}' cannot be compared with it")
        near_low = bound.low is not None and not bound.low_open and _close(value, bound.low)
        near_high = bound.high is not None and not bound.high_open and _close(value, bound.high)
        return bound.holds(value) or near_low or near_high


def _close(value: float, end: float) -> bool:
    return math.isclose(value, end, rel_tol=1e-9)


def parse_wanted(text: str) -> Wanted:
    """A bound where *text* reads as one, otherwise the text itself.

    Raises BadValue for a range of which an end is no quantity, or that is empty.
    """
    if _OPERATOR.match(text):
        return Wanted(text, parse_bound(text))
    if ".." in text:
        return Wanted(text, _range(text, *text.split("..", 1)))
    for sign in ("+-", "±"):
        if sign in text:
            return Wanted(text, _around(text, *text.split(sign, 1)))
    try:
        value, kind = parse_term(text)
    except BadValue:
        return Wanted(text)
    return Wanted(text, Bound(value, value, kind))


def parse_term(text: str) -> tuple[float, str]:
    """(value in the base unit, kind) of `40ms`, `2*20ms` or `20ms/5`; raises BadValue."""
    term = _TERM.fullmatch(text)
    if term is None or (term["by"] and float(term["by"]) == 0):
        raise BadValue(f"'{text}' is not a quantity; write a number and a unit, as in 40ms, 2*20ms")
    value, kind = parse_quantity(term["quantity"])
    return value * float(term["times"] or 1) / float(term["by"] or 1), kind


def _range(text: str, low: str, high: str) -> Bound:
    ends = [parse_term(end) for end in (low, high) if end]
    if not ends:
        raise BadValue(f"'{text}' is not a range; write one or both ends, as in 35ms..60ms")
    if ends[0][1] != ends[-1][1]:
        raise BadValue(f"'{text}' mixes units; write both ends in the same kind of unit")
    first = ends[0][0] if low else None
    last = ends[-1][0] if high else None
    if first is not None and last is not None and first > last:
        raise BadValue(f"'{text}' is an empty range; write the smaller end first")
    return Bound(first, last, ends[0][1])


def _around(text: str, middle: str, width: str) -> Bound:
    (centre, kind), (spread, unit) = parse_term(middle), parse_term(width)
    if unit == "percent" and kind != "percent":
        spread = abs(centre) * spread / 100
    elif unit != kind:
        raise BadValue(f"'{text}' mixes units; write both numbers in the same kind of unit")
    return Bound(centre - spread, centre + spread, kind)


def show_number(value: float, kind: str) -> str:
    """*value* with its unit, rounded to four digits: measured values have no more."""
    if kind == "duration":
        return _show_seconds(value)
    rounded = float(f"{value:.4g}")
    if rounded < 0 and kind != "number":
        return f"-{format_quantity(-rounded, kind)}"
    return format_quantity(rounded, kind)


def _show_seconds(value: float) -> str:
    # not format_duration: it is exact, and writes 40.7ms as 40700us where floats differ in the end
    for unit, seconds in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if abs(value) >= seconds:
            return f"{value / seconds:.4g}{unit}"
    return f"{value / 1e-9:.4g}ns" if value else "0s"
