"""Types of quantities: durations, instants, rates, sizes, percentages, bounds."""

import re
from collections.abc import Callable, Iterable
from typing import ClassVar, NamedTuple

from nepishell.core.errors import NepishellError
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
from nepishell.lang.errors import Bad
from nepishell.lang.quantities import OPERATORS, Bound, may_begin_quantity, parse_bound
from nepishell.lang.types.base import BaseType, Candidate, Env, behind
from nepishell.lang.view import View

_DIGITS = re.compile(r"\d+(\.\d*)?|\.\d+")
_BEGINS = tuple("0123456789.-")
_OPERATOR = re.compile(r"(>=|<=|>|<|=)\s*")


class _Unit(BaseType):
    """A number with a unit; after digits, the units are offered."""

    style, rank = "number", 22
    units: tuple[str, ...] = ()
    read: ClassVar[Callable[[str], float]]
    write: ClassVar[Callable[[float], str]]

    def parse(self, view: View, env: Env, text: str) -> float:
        try:
            return type(self).read(text)
        except NepishellError as problem:
            # of a word without digits, what else it may have meant says more
            raise Bad(str(problem), weak=text[:1] not in _BEGINS) from None

    def partial(self, view: View, env: Env, text: str) -> bool:
        return text == "" or (may_begin_quantity(text) and _could_be(text, self.units))

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return with_units(prefix, self.units) if prefix else ()

    def format(self, value: object, view: View | None, env: Env) -> str:
        return type(self).write(value) if isinstance(value, int | float) else str(value)


def with_units(prefix: str, units: tuple[str, ...]) -> Iterable[Candidate]:
    """The number that was typed with each unit that goes on from it."""
    digits = _DIGITS.match(prefix)
    if digits is None:
        return ()
    unit = prefix[digits.end() :]
    return [Candidate(digits.group() + u) for u in units if u.startswith(unit)]


def _could_be(text: str, units: tuple[str, ...]) -> bool:
    letters = re.split(r"[\d.]+\s?", text)[-1].lower()
    return any(unit.lower().startswith(letters) for unit in units)


class DurationType(_Unit):
    """Seconds, as float."""

    name, help, sample = "duration", "a duration, as in 250ms, 1.5s, 2m", "5s"
    units = ("s", "ms", "m", "h", "us", "ns", "µs")
    read: ClassVar[Callable[[str], float]] = parse_duration
    write: ClassVar[Callable[[float], str]] = format_duration


class RateType(_Unit):
    """Bits per second, as float."""

    name, help, sample = "rate", "a rate, as in 500kbit, 10mbit", "10mbit"
    units = ("mbit", "kbit", "gbit", "bit", "mbps", "kbps", "gbps", "bps")
    read: ClassVar[Callable[[str], float]] = parse_rate
    write: ClassVar[Callable[[float], str]] = format_rate


class SizeType(_Unit):
    """Bytes, as int."""

    name, help, sample = "size", "a size, as in 64kB, 1MiB", "64kB"
    units = ("kB", "MB", "GB", "KiB", "MiB", "GiB", "B")
    read: ClassVar[Callable[[str], float]] = parse_size
    write: ClassVar[Callable[[float], str]] = lambda size: format_size(round(size))


class PercentType(_Unit):
    """0 to 100, as float."""

    name, help, sample = "percent", "a percentage, as in 5%", "5%"
    units = ("%",)
    read: ClassVar[Callable[[str], float]] = parse_percent
    write: ClassVar[Callable[[float], str]] = format_percent


class Instant(NamedTuple):
    """When: *seconds* after now, or after the experiment's start (*absolute*, written t+5s)."""

    seconds: float
    absolute: bool = False


class InstantType(BaseType):
    """`5s` or `+5s`: from now; `t+5s`: on the clock of the experiment."""

    name, style, help, sample = "instant", "number", "5s from now, or t+5s after the start", "t+5s"
    rank = 23
    _duration = DurationType()

    def parse(self, view: View, env: Env, text: str) -> Instant:
        if text.startswith("t+"):
            return Instant(parse_duration(text[2:]), absolute=True)
        return Instant(parse_duration(text.removeprefix("+")))

    def partial(self, view: View, env: Env, text: str) -> bool:
        rest = re.sub(r"^(t\+|\+|t$)", "", text)
        return self._duration.partial(view, env, rest)

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        head = re.match(r"(t\+|\+)?", prefix)
        begin = head.group() if head else ""
        yield from behind(begin, self._duration.complete(view, env, prefix[len(begin) :], limit))
        if prefix == "t":
            yield Candidate("t+", "after the start of the experiment", more=True)

    def format(self, value: object, view: View | None, env: Env) -> str:
        if not isinstance(value, Instant):
            return str(value)
        return f"{'t+' if value.absolute else ''}{format_duration(value.seconds)}"


class BoundType(BaseType):
    """What a number must satisfy: `35ms..60ms`, `>= 3`, `< 5%`, or exactly `3`."""

    name, style, sample = "bound", "number", "35ms..60ms"
    help = "a bound, as in 35ms..60ms, >= 3, < 5%, or one exact number"
    rank = 24

    def parse(self, view: View, env: Env, text: str) -> Bound:
        return parse_bound(text)

    def partial(self, view: View, env: Env, text: str) -> bool:
        found = _OPERATOR.match(text)
        if found:
            return may_begin_quantity(text[found.end() :])
        low, dots, high = text.partition("..")
        if not dots:
            return may_begin_quantity(text.removesuffix("."))
        try:
            parse_bound(low)
        except NepishellError:
            return False
        return may_begin_quantity(high)

    def format(self, value: object, view: View | None, env: Env) -> str:
        return str(value)

    def continues(self, text: str) -> bool:
        return text in OPERATORS
