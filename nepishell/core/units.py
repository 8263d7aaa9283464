"""Quantities with units as people write them: 250ms, 1.5s, 10mbit, 64kB, 5%.

Each kind has a parse and a format that are inverse to each other: parse(format(x)) == x.
Parsed values are plain numbers in the base unit named by the function.
"""

import math
import re

from nepishell.core.errors import BadValue

_NUMBER = r"(?P<number>\d+(?:\.\d*)?|\.\d+)"
_PART = re.compile(_NUMBER + r"\s?(?P<unit>[a-zA-Zµ%/]*)")

_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0}
# small units divide: 40.7 / 1e3 is 0.0407, and 40.7 * 1e-3 is not
_PER_SECOND = {"ms": 1e3, "us": 1e6, "ns": 1e9}
_ORDER = ["h", "m", "s", "ms", "us", "ns"]
_BITS = {
    "bit": 1.0, "kbit": 1e3, "mbit": 1e6, "gbit": 1e9,
    "bps": 1.0, "kbps": 1e3, "mbps": 1e6, "gbps": 1e9,
}  # fmt: skip
_BYTES = {"b": 1, "kb": 1000, "mb": 10**6, "gb": 10**9, "kib": 1024, "mib": 1024**2, "gib": 1024**3}


def _seconds(number: float, unit: str) -> float:
    return number / _PER_SECOND[unit] if unit in _PER_SECOND else number * _SECONDS[unit]


def _plain(number: float) -> str:
    """Nine decimals at most, no exponent."""
    return f"{number:.9f}".rstrip("0").rstrip(".")


def parse_duration(text: str | float) -> float:
    """Seconds from '250ms', '1.5s', '2m30s', '1h' or a plain number of seconds.

    Raises BadValue; 'inf' and negative durations are refused.
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        if not 0 <= text < math.inf:
            raise BadValue(f"'{text}' is not a duration; it must be finite and not negative")
        return float(text)
    total, rest, last = 0.0, str(text).strip(), -1
    while rest:
        part = re.match(_NUMBER + r"(?P<unit>h|ms|m|s|us|µs|ns)", rest)
        unit = part["unit"].replace("µ", "u") if part else ""
        if part is None or _ORDER.index(unit) <= last:
            break
        last = _ORDER.index(unit)
        total += _seconds(float(part["number"]), unit)
        rest = rest[part.end() :]
    if rest or last < 0 or total == math.inf:
        raise BadValue(
            f"'{text}' is not a duration; write a number and a unit, as in 250ms, 1.5s, 2m"
        )
    return total


def format_duration(seconds: float) -> str:
    """The shortest exact text for a duration in seconds: 0.25 -> '250ms'."""
    if seconds == 0:
        return "0s"
    for unit in ("h", "m", "s", "ms", "us", "ns"):
        count = seconds / _SECONDS[unit] if unit in _SECONDS else seconds * _PER_SECOND[unit]
        number = f"{count:.12g}"
        plain = "e" not in number and len(number.partition(".")[2]) <= 3
        if float(number) >= 1 and plain and _seconds(float(number), unit) == seconds:
            return f"{number}{unit}"
    return f"{seconds:.9f}".rstrip("0").rstrip(".") + "s"


def _scaled(text: str | float, units: dict[str, float], kind: str, example: str) -> float:
    if isinstance(text, int | float) and not isinstance(text, bool):
        number, unit = float(text), ""
    else:
        match = _PART.fullmatch(str(text).strip())
        if match is None:
            raise BadValue(f"'{text}' is not a {kind}; write {example}")
        number, unit = float(match["number"]), match["unit"].lower()
    value = number * units.get(unit, 1.0)
    if (unit and unit not in units) or not 0 <= value < math.inf:
        raise BadValue(f"'{text}' is not a {kind}; write {example}")
    return value


def parse_rate(text: str | float) -> float:
    """Bits per second from '10mbit', '1.5gbit', '64kbps' or a plain number of bit/s."""
    return _scaled(text, _BITS, "rate", "a number and a unit, as in 500kbit, 10mbit, 1gbit")


def format_rate(bits_per_second: float) -> str:
    """The shortest exact text for a rate: 1e7 -> '10mbit'."""
    for unit in ("gbit", "mbit", "kbit"):
        number = f"{bits_per_second / _BITS[unit]:.6g}"
        exact = float(number) * _BITS[unit] == bits_per_second
        if exact and float(number) >= 1 and "e" not in number:
            return f"{number}{unit}"
    return f"{_plain(bits_per_second)}bit"


def parse_size(text: str | float) -> int:
    """Bytes from '64kB', '1MiB' or a plain number of bytes."""
    units = {name: float(factor) for name, factor in _BYTES.items()}
    return round(_scaled(text, units, "size", "a number and a unit, as in 1500B, 64kB, 1MiB"))


def format_size(size: int) -> str:
    """The shortest exact text for a number of bytes: 64000 -> '64kB'."""
    for unit, name in (("gb", "GB"), ("mib", "MiB"), ("mb", "MB"), ("kib", "KiB"), ("kb", "kB")):
        if size and size % _BYTES[unit] == 0:
            return f"{size // _BYTES[unit]}{name}"
    return f"{size}B"


def parse_percent(text: str | float) -> float:
    """A share from 0 to 100 in percent, from '5%', '0.1 %' or a plain number of percent."""
    value = _scaled(text, {"%": 1.0}, "percentage", "a number from 0 to 100, as in 5%, 0.1%")
    if value > 100:
        raise BadValue(f"'{text}' is not a percentage; it must be from 0% to 100%")
    return value


def format_percent(value: float) -> str:
    """5.0 -> '5%'."""
    return f"{_plain(value)}%"
