"""Many names written short, and the other way round: web1 web2 web4 <-> web[1-2,4]."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from nepishell.lang.errors import Bad

#: Names that one bracket may stand for.
MOST = 100_000

_BRACKET = re.compile(r"([^\[\]]*)\[([^\[\]]*)\]([^\[\]]*)")
_SPAN = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?", re.ASCII)
_NUMBERED = re.compile(r"(.*?)(\d+)", re.ASCII | re.DOTALL)
_DIGITS = re.compile(r"(\d+)", re.ASCII)


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sort key in which web10 comes after web9."""
    parts = _DIGITS.split(name)
    # text and digits take turns; the number of digits, not int(), so that any length will do
    return [
        (1, len(digits := part.lstrip("0")), digits) if index % 2 else (0, 0, part)
        for index, part in enumerate(parts)
    ]


def unfold(text: str) -> list[str]:
    """The names that `web[1-3,7]` stands for; a width is kept, as in web[01-10]. Raises Bad."""
    found = _BRACKET.fullmatch(text)
    if found is None:
        raise Bad(f"'{text}' is not a set of names; write one bracket, as in web[1-8]")
    names: list[str] = []
    for part in found[2].split(","):
        span = _SPAN.fullmatch(part.strip())
        if span is None:
            raise Bad(f"'{text}': '{part}' is not a number or a range, as in web[1-8,11]")
        first, last = int(span[1]), int(span[2] or span[1])
        if last < first:
            raise Bad(f"'{text}': '{part}' is empty; write the smaller number first")
        if last - first + len(names) >= MOST:
            raise Bad(f"'{text}' stands for more than {MOST} names")
        width = len(span[1]) if span[1].startswith("0") else 0
        names += [f"{found[1]}{number:0{width}}{found[3]}" for number in range(first, last + 1)]
    return names


def fold(names: Iterable[str]) -> str:
    """*names* written short, in natural order: 'db,web[1-4,6]'. For people to read."""
    return ",".join(_fold(sorted(sorted(set(names)), key=natural)))


def fold_in_order(names: Sequence[str]) -> str:
    """*names* written short without changing their order: unfolds to the same list."""
    return ",".join(_fold(list(names)))


def _fold(names: list[str]) -> Iterator[str]:
    for (stem, width), group in groupby(map(_numbered, names), key=lambda item: item[:2]):
        numbers = [number for _, _, number in group]
        if width < 0 or len(numbers) == 1:
            yield from (f"{stem}{number:0{max(width, 0)}}" if width >= 0 else stem
                        for number in numbers)  # fmt: skip
            continue
        spans = ",".join(_span(first, last, width) for first, last in _runs(numbers))
        yield f"{stem}[{spans}]"


def _numbered(name: str) -> tuple[str, int, int]:
    """(stem, width or 0, number); width -1 for a name without a number at its end."""
    found = _NUMBERED.fullmatch(name)
    if found is None or len(found[2]) > 15:
        return name, -1, 0
    width = len(found[2]) if found[2].startswith("0") and len(found[2]) > 1 else 0
    return found[1], width, int(found[2])


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = numbers[0]
    for number in numbers[1:]:
        if number == last + 1:
            last = number
            continue
        yield first, last
        first = last = number
    yield first, last


def _span(first: int, last: int, width: int) -> str:
    return f"{first:0{width}}" if first == last else f"{first:0{width}}-{last:0{width}}"


def spell(numbers: Sequence[int]) -> str:
    """Numbers written short, order kept: '1-3,7'."""
    return ",".join(_span(first, last, 0) for first, last in _runs(numbers)) if numbers else ""
