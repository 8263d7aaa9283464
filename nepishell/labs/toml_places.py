"""Where the keys of a TOML file stand: its parser tells no lines, and errors need them.

A path names a key as in Python: ("step", 1, "check", 0, "kind"), counting tables from 0.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[|\[)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"([^"]*)"|'([^']*)'""")
_LONG_QUOTE = re.compile(r'"""|' + "'''")


class Spot(NamedTuple):
    """A place in the text; both count from 1."""

    line: int
    column: int


class Places:
    """The places of a text's keys and tables."""

    def __init__(self, text: str) -> None:
        self.lines: Sequence[str] = text.splitlines()
        self._spots: Mapping[Path, Spot] = _scan(self.lines)

    def of(self, path: Path) -> Spot:
        """Where *path* stands, or else the nearest thing that it is inside of."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._spots:
                return self._spots[path[:length]]
        return Spot(1, 1)


def _scan(lines: Sequence[str]) -> dict[Path, Spot]:
    spots: dict[Path, Spot] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    quote = ""
    for number, line in enumerate(lines, start=1):
        if not quote:
            header, key = _HEADER.match(line), _KEY.match(line)
            if header is not None:
                table = _entered(header, counts)
                spots.setdefault(table, Spot(number, header.start(1) + 1))
            elif key is not None:
                spots.setdefault(table + _parts(key[1]), Spot(number, key.start(1) + 1))
        quote = _open_quote(line, quote)
    return spots


def _entered(header: re.Match[str], counts: dict[Path, int]) -> Path:
    """The path of the table that *header* begins."""
    path: Path = ()
    parts = _parts(header[2])
    for at, part in enumerate(parts):
        path += (part,)
        if header[1] == "[[" and at == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
            # tables inside of this one are counted anew
            for inner in [one for one in counts if one[: len(path)] == path and one != path]:
                del counts[inner]
        if path in counts:
            path += (counts[path],)
    return path


def _parts(text: str) -> tuple[str, ...]:
    return tuple(match[1] or match[2] or match[0] for match in _PART.finditer(text))


def _open_quote(line: str, quote: str) -> str:
    """The long quote that is still open at the end of *line*."""
    for match in _LONG_QUOTE.finditer(line):
        if not quote:
            quote = match[0]
        elif match[0] == quote:
            quote = ""
    return quote
