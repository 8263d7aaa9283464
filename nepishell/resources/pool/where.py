"""What is wanted of a host: `tag >= 4, country=fr|de, bandwidth 10..100, !old, wifi`.

A small language of its own, nothing is evaluated. What an inventory does not say of a host fits
nothing but `!name`. Texts are compared without their case.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nepishell.core.errors import BadValue
from nepishell.resources.pool.hosts import Facts

_NAME = r"(?P<name>[A-Za-z_][\w.-]*)"
_TEXT = r"""(?:"[^"]*"|'[^']*'|[^\s<>=!|&,"']+)"""
_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_PART = re.compile(r"""(?:"[^"]*"|'[^']*'|[^,&"'])+""")
_BARE = re.compile(rf"(?P<no>!|not\s+)?\s*{_NAME}")
_BETWEEN = re.compile(rf"{_NAME}\s*=?\s*(?P<low>{_NUMBER})?\s*\.\.\s*(?P<high>{_NUMBER})?")
_ORDERED = re.compile(rf"{_NAME}\s*(?P<op><=|>=|<|>)\s*(?P<limit>{_NUMBER})")
_EQUAL = re.compile(rf"{_NAME}\s*(?P<op>==|=|!=)\s*(?P<texts>{_TEXT}(?:\s*\|\s*{_TEXT})*)")
_ONE_TEXT = re.compile(_TEXT)
_EXAMPLE = "write it as in tag >= 4, country=fr|de, bandwidth 10..100, wifi, !old"
_SEPARATORS = (",", "&", "&&")
TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that is wanted. *text*: as people read it; *name*: what it is about, lower case."""

    text: str
    name: str
    is_bare: bool
    fits: Callable[[Facts], bool]


def parse_where(text: str) -> tuple[Constraint, ...]:
    """The constraints of *text*, all of which must hold. Raises BadValue."""
    if not text.strip():
        return ()
    found: list[Constraint] = []
    end = 0
    for part in _PART.finditer(text):
        if text[end : part.start()] not in (_SEPARATORS if found else ("",)):
            break
        found.append(_constraint(part[0].strip(), text))
        end = part.end()
    if end < len(text):
        raise BadValue(f"'{text[end:]}' is not the end of a constraint; {_EXAMPLE}")
    return tuple(found)


def at_least(name: str, limit: float) -> Constraint:
    """`name >= limit`."""
    return parse_where(f"{name} >= {limit:.12g}")[0]


def at_most(name: str, limit: float) -> Constraint:
    """`name <= limit`."""
    return parse_where(f"{name} <= {limit:.12g}")[0]


def equals(name: str, text: str) -> Constraint:
    """`name=text`; several texts, any of which will do, are separated by '|'."""
    wanted = tuple(part.strip() for part in text.split("|"))
    return Constraint(
        f"{name}={text}",
        name.lower(),
        False,
        lambda facts: any(_same(fact, each) for fact in facts.get(name, ()) for each in wanted),
    )


def number(text: str) -> float | None:
    """The number that *text* is, or None."""
    return float(text) if re.fullmatch(_NUMBER, text.strip()) else None


def numbers(facts: Facts, name: str) -> list[float]:
    """What is measured of *name*."""
    found = (number(text) for text in facts.get(name, ()))
    return [each for each in found if each is not None]


def _constraint(part: str, whole: str) -> Constraint:
    if (match := _BARE.fullmatch(part)) is not None:
        return _bare(part, match)
    if (match := _BETWEEN.fullmatch(part)) is not None and (match["low"] or match["high"]):
        low = float(match["low"] or "-inf")
        return _numeric(part, match["name"], low, float(match["high"] or "inf"))
    if (match := _ORDERED.fullmatch(part)) is not None:
        return _ordered(part, match)
    if (match := _EQUAL.fullmatch(part)) is not None:
        return _equal(part, match)
    quoted = f"'{part}'" if part else f"an empty part of '{whole}'"
    raise BadValue(f"{quoted} is not a constraint; {_EXAMPLE}")


def _bare(part: str, match: re.Match[str]) -> Constraint:
    name = match["name"].lower()

    def has(facts: Facts) -> bool:
        said = facts.get(name)
        if said is not None:
            return said not in (("false",), ("no",), ("0",))
        return any(_same(tag, name) for tag in facts.get(TAGS, ()))

    if match["no"]:
        return Constraint(part, name, True, lambda facts: not has(facts))
    return Constraint(part, name, True, has)


def _numeric(part: str, name: str, low: float, high: float) -> Constraint:
    name = name.lower()
    if low > high:
        raise BadValue(f"'{part}' holds for no number: the smaller one comes first")
    return Constraint(
        part, name, False, lambda facts: any(low <= each <= high for each in numbers(facts, name))
    )


_OPS: dict[str, Callable[[float, float], bool]] = {
    "<": float.__lt__,
    "<=": float.__le__,
    ">": float.__gt__,
    ">=": float.__ge__,
}


def _ordered(part: str, match: re.Match[str]) -> Constraint:
    name, compare, limit = match["name"].lower(), _OPS[match["op"]], float(match["limit"])
    return Constraint(
        part, name, False, lambda facts: any(compare(each, limit) for each in numbers(facts, name))
    )


def _equal(part: str, match: re.Match[str]) -> Constraint:
    name = match["name"].lower()
    wanted = [text.strip("\"'") for text in _ONE_TEXT.findall(match["texts"])]

    def is_one(facts: Facts) -> bool:
        return any(_same(fact, each) for fact in facts[name] for each in wanted)

    if match["op"] == "!=":
        return Constraint(part, name, False, lambda facts: name in facts and not is_one(facts))
    return Constraint(part, name, False, lambda facts: name in facts and is_one(facts))


def _same(one: str, other: str) -> bool:
    if one.casefold() == other.casefold():
        return True
    first = number(one)
    return first is not None and first == number(other)
