"""Speeds and delays of links as maps write them: '10 Gbps', 'OC-192c', '34-155 Mbit/s', 'T3'."""

import re
from collections.abc import Mapping

from nepishell.core.errors import BadValue
from nepishell.core.units import parse_duration
from nepishell.topologies.rawgraph import Scalar

_SCALE = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
_SPEED = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<scale>[kmgt])(?:i?b(?:it|ps)?(?:/s|ps|s)?|e|ig(?:abit|e)?)?\b",
    re.IGNORECASE,
)
#: of a range, both ends get the unit
_RANGE = re.compile(r"(\d)\s*-\s*(?=\d[\d.]*\s*([kmgt]))", re.IGNORECASE)
_CARRIER = re.compile(r"\b(?P<kind>oc|stm|sts)[ -]?(?P<number>\d{1,4})c?\b", re.IGNORECASE)
#: ITU-T G.702, G.707; ANSI T1.105: bit/s of one unit
_UNITS = {"oc": 51.84e6, "sts": 51.84e6, "stm": 155.52e6}
_LINES = {
    "t1": 1.544e6, "ds1": 1.544e6, "t3": 44.736e6, "ds3": 44.736e6, "e1": 2.048e6,
    "e3": 34.368e6, "gige": 1e9, "gigabit ethernet": 1e9, "fast ethernet": 1e8, "ethernet": 1e7,
}  # fmt: skip
_WORDS = re.compile(rf"\b(?:{'|'.join(sorted(_LINES, key=len, reverse=True))})\b", re.IGNORECASE)
_RATE_KEYS = ("rate", "bandwidth", "capacity", "speed", "datarate", "bw", "linkspeed")
_DELAY_KEYS = ("delay", "latency", "propagation_delay", "propdelay")
#: A rate beyond is a mistake of the file.
_MOST = 1e15


def rate_of(data: Mapping[str, Scalar]) -> float | None:
    """Bit/s of an edge with these attributes; None when they do not say."""
    raw = data.get("linkspeedraw")
    if isinstance(raw, int | float):
        return _sensible(float(raw))
    value = data.get("linkspeed")
    if isinstance(value, int | float | str) and f"{data.get('linkspeedunits', '')}":
        found = speed(f"{value} {data['linkspeedunits']}")
        if found is not None:
            return found
    for key in (*_RATE_KEYS, "linklabel", "linktype", "label"):
        if key in data:
            stated = data[key]
            found = _sensible(float(stated)) if isinstance(stated, int | float) else speed(stated)
            if found is not None and not (key == "label" and isinstance(stated, int | float)):
                return found
    return None


def speed(text: str) -> float | None:
    """Bit/s that a text names; of a range or several the slowest; None when it names none."""
    found = [
        float(match["number"].replace(",", ".")) * _SCALE[match["scale"].lower()]
        for match in _SPEED.finditer(_RANGE.sub(r"\1\2 ", text))
    ]
    found += [
        int(match["number"]) * _UNITS[match["kind"].lower()] for match in _CARRIER.finditer(text)
    ]
    if not found:
        found = [_LINES[match.group().lower()] for match in _WORDS.finditer(text)]
    return _sensible(min(found)) if found else None


def _sensible(rate: float) -> float | None:
    return rate if 1 <= rate <= _MOST else None


def delay_of(data: Mapping[str, Scalar]) -> tuple[float | None, bool]:
    """Seconds one way of an edge, and whether a bare number was taken for milliseconds."""
    for key in _DELAY_KEYS:
        value = data.get(key)
        if isinstance(value, int | float) and 0 <= value < 1e6:
            return value / 1e3, True
        if isinstance(value, str):
            try:
                return parse_duration(value), False
            except BadValue:
                continue
    return None, False


def weight_of(data: Mapping[str, Scalar]) -> float | None:
    """What a way over an edge costs; None when it does not say."""
    for key in ("weight", "cost", "metric"):
        value = data.get(key)
        if isinstance(value, int | float) and 0 < value < 1e9:
            return float(value)
    return None
