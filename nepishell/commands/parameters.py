"""`${delay}` in a line stands for the value of parameter `delay`.

Single quotes protect it, so a shell's own `'${HOME}'` passes. What was replaced is remembered, so
that an error still points at what the user typed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nepishell.core.errors import UnknownName, did_you_mean

_PART = re.compile(r"\\.|(?P<quote>['\"])|\$\{(?P<name>[^}]*)\}", re.DOTALL)


class UnknownParameter(UnknownName):
    """A `${name}` that nobody gave a value; *start* and *end* say where in the line."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Expanded:
    """A line with its parameters replaced. *shifts*: (from this offset, so much longer)."""

    text: str
    shifts: tuple[tuple[int, int], ...] = ()
    inserted: tuple[tuple[int, int, int], ...] = ()

    def origin(self, offset: int) -> int:
        """The offset in the line as typed of what stands at *offset* now.

        Inside a replaced parameter it is where its `${` stands.
        """
        for start, end, typed in self.inserted:
            if start <= offset < end:
                return typed
        at = bisect_right(self.shifts, offset, key=lambda shift: shift[0]) - 1
        return offset - (self.shifts[at][1] if at >= 0 else 0)


def expand(line: str, parameters: Mapping[str, str]) -> Expanded:
    """*line* with each `${name}` replaced; raises UnknownParameter."""
    if "${" not in line:
        return Expanded(line)
    text, last = "", 0
    shifts: list[tuple[int, int]] = []
    inserted: list[tuple[int, int, int]] = []
    for start, end, name in _references(line):
        if name not in parameters:
            message = f"no parameter '{name}'{did_you_mean(name, parameters)}"
            raise UnknownParameter(message, start, end)
        text += line[last:start]
        inserted.append((len(text), len(text) + len(parameters[name]), start))
        text += parameters[name]
        shifts.append((len(text), len(text) - end))
        last = end
    return Expanded(text + line[last:], tuple(shifts), tuple(inserted))


def _references(line: str) -> Iterator[tuple[int, int, str]]:
    quote = ""
    for part in _PART.finditer(line):
        mark = part["quote"]
        if mark is not None:
            quote = "" if quote == mark else quote or mark
        elif part["name"] is not None and quote != "'":
            yield part.start(), part.end(), part["name"]
