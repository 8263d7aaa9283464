"""From text to statements that remember where they stood.

One statement per line, or several parted by `;`; `#` begins a comment; a backslash at the end of a
line joins the next one. Quotes protect all three. Nothing here knows what a statement means.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nepishell.core.errors import NepishellError


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: *line* and *column* count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One command as written, and where its pieces stood.

    *pieces*: (offset in text, line, column) of each stretch that comes from one line of the file.
    *lines*: the lines it was written on, for a caret.
    """

    text: str
    file: str
    pieces: tuple[tuple[int, int, int], ...]
    lines: tuple[str, ...]

    def place(self, offset: int = 0) -> Place:
        """Where the character at *offset* of the text stood."""
        at = bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1
        start, line, column = self.pieces[max(0, at)]
        return Place(self.file, line, column + offset - start)

    def source_line(self, place: Place) -> str:
        """The line of the file that *place* is on."""
        return self.lines[place.line - self.pieces[0][1]]


class Unfinished(NepishellError):
    """A quote or a backslash at the very end: there must be more."""

    def __init__(self, message: str, place: Place, line: str) -> None:
        super().__init__(message)
        self.place = place
        self.line = line


def read_statements(lines: Iterable[str], file: str) -> Iterator[Statement]:
    """The statements of a text, as soon as their last line came; raises Unfinished."""
    reader = _Reader(file)
    for number, line in enumerate(lines, start=1):
        yield from reader.feed(number, line.rstrip("\r\n"))
    yield from reader.finish()


class _Reader:
    """Collects characters of the statement that is being read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._text = ""
        self._pieces: list[tuple[int, int, int]] = []
        self._lines: list[str] = []
        self._quote = ""
        self._opened = (1, 1)
        self._joined = False

    def feed(self, number: int, line: str) -> Iterator[Statement]:
        if not self._lines or not (self._quote or self._joined):
            self._lines = []
        self._lines.append(line)
        self._joined = False
        self._piece(number, 1)
        column = 0
        while column < len(line):
            char = line[column]
            if char == "\\" and self._quote != "'":
                if column + 1 == len(line):
                    self._joined, self._opened = True, (number, column + 1)
                    break
                self._text += line[column : column + 2]
                column += 2
                continue
            if self._quote or char in "\"'":
                self._enter_or_leave(char, number, column + 1)
            elif char == "#" and (column == 0 or line[column - 1] in " \t;"):
                break
            elif char == ";":
                yield from self._take()
                self._lines = [line]
                self._piece(number, column + 2)
                column += 1
                continue
            self._text += char
            column += 1
        if self._quote:
            self._text += "\n"
        elif not self._joined:
            yield from self._take()

    def finish(self) -> Iterator[Statement]:
        if self._quote or self._joined:
            line, column = self._opened
            what = (
                f"the quote {self._quote} is never closed"
                if self._quote
                else ("the last line ends in a backslash, and no line follows")
            )
            first = self._pieces[0][1]
            raise Unfinished(what, Place(self._file, line, column), self._lines[line - first])
        yield from self._take()

    def _piece(self, line: int, column: int) -> None:
        self._pieces.append((len(self._text), line, column))

    def _enter_or_leave(self, char: str, line: int, column: int) -> None:
        if not self._quote:
            self._quote, self._opened = char, (line, column)
        elif char == self._quote:
            self._quote = ""

    def _take(self) -> Iterator[Statement]:
        text, pieces = self._text, self._pieces
        self._text, self._pieces = "", []
        stripped = text.strip()
        if not stripped:
            return
        skipped = len(text) - len(text.lstrip())
        shifted = [
            (max(0, start - skipped), line, column + max(0, skipped - start))
            for start, line, column in pieces
        ]
        kept = [
            piece
            for n, piece in enumerate(shifted)
            if n + 1 == len(shifted) or shifted[n + 1][0] > 0
        ]
        lines = self._lines[kept[0][1] - pieces[0][1] :]
        yield Statement(stripped, self._file, tuple(kept), tuple(lines))
