"""From text to statements that remember where they stood.

One statement per line, or several parted by `;`; `#` begins a comment; a backslash at the end of a
line joins the next one; a quote may span lines. Nothing here knows what a statement means.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nepishell.core.errors import NepishellError
from nepishell.lang.lexer import Kind, Lexeme, tokenize


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
    """One command as written, and where it stood.

    *lines*: the lines of the file it was read with; *starts*: the offset of each in that text;
    *offset*: where the statement begins in it; *first*: the number of the first line.
    """

    text: str
    file: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]
    offset: int
    first: int

    def place(self, column: int = 0) -> Place:
        """Where the character at *column* (from 0) of the text stood."""
        at = bisect_right(self.starts, self.offset + column) - 1
        return Place(self.file, self.first + at, self.offset + column - self.starts[at] + 1)

    def source_line(self, place: Place) -> str:
        """The line of the file that *place* is on."""
        return self.lines[place.line - self.first]


#: What may end a command, or make it go on in the next line: then all of the line is looked at.
_OPENS = re.compile(r"""['"\\;]|\S.*#""")
_FIRST = (0,)


class Unfinished(NepishellError):
    """The text ends inside a quote or after a backslash: there must be more."""

    def __init__(self, message: str, place: Place, line: str) -> None:
        super().__init__(message)
        self.place = place
        self.line = line


def read_statements(lines: Iterable[str], file: str) -> Iterator[Statement]:
    """The statements of a text, each as soon as its last line came; raises Unfinished."""
    pending = _Pending(file, 1)
    for number, line in enumerate(lines, start=1):
        line = line.rstrip("\r\n")
        if not pending.lines and not _OPENS.search(line):
            # one command, nothing, or a comment, as nearly all lines are
            text = line.strip()
            if text and text[0] != "#":
                yield Statement(text, file, (line,), _FIRST, line.index(text), number)
            pending.first = number + 1
            continue
        pending.add(line)
        if not pending.wants_more():
            yield from pending.statements()
            pending = _Pending(file, number + 1)
    if pending.lines:
        raise pending.unfinished()


@dataclass(frozen=True, slots=True)
class Together:
    """Lines that belong together: mostly one; its commands, and all that they are made of.

    *starts*: where each line begins in the text whose places the lexemes have.
    """

    lines: tuple[str, ...]
    statements: tuple[Statement, ...]
    lexemes: tuple[Lexeme, ...]
    starts: tuple[int, ...]


def read_together(lines: Iterable[str], file: str) -> Iterator[Together]:
    """All lines of a text, also empty ones and comments; raises Unfinished."""
    pending = _Pending(file, 1)
    for number, line in enumerate(lines, start=1):
        pending.add(line)
        if not pending.wants_more():
            yield pending.together()
            pending = _Pending(file, number + 1)
    if pending.lines:
        raise pending.unfinished()


class _Pending:
    """Lines that belong together, until nothing is open any more."""

    def __init__(self, file: str, first: int) -> None:
        self.file = file
        self.first = first
        self.lines: list[str] = []
        self._starts: list[int] = []
        self._text = ""
        self._joined = False

    def add(self, line: str) -> None:
        if self._joined:
            # the backslash and the end of the line become blanks: offsets stay
            self._text = f"{self._text[:-1]}  "
        elif self.lines:
            self._text += "\n"
        self.lines.append(line)
        self._starts.append(len(self._text))
        self._text += line

    def wants_more(self) -> bool:
        lexemes = tokenize(self._text)
        last = lexemes[-1] if lexemes else None
        if last is not None and last.open:
            self._joined = False
            return True
        backslashes = len(self._text) - len(self._text.rstrip("\\"))
        self._joined = backslashes % 2 == 1 and last is not None and last.kind is not Kind.COMMENT
        return self._joined

    def statements(self) -> Iterator[Statement]:
        begin, end = -1, 0
        for lexeme in tokenize(self._text):
            if lexeme.kind is Kind.END:
                if begin >= 0:
                    yield self._statement(begin, end)
                begin = -1
            elif lexeme.kind is not Kind.COMMENT:
                begin, end = lexeme.start if begin < 0 else begin, lexeme.end
        if begin >= 0:
            yield self._statement(begin, end)

    def together(self) -> Together:
        lexemes = tuple(tokenize(self._text))
        return Together(tuple(self.lines), tuple(self.statements()), lexemes, tuple(self._starts))

    def unfinished(self) -> Unfinished:
        if self._joined:
            place = Place(self.file, self.first + len(self.lines) - 1, len(self.lines[-1]))
            message = "the last line ends in a backslash, and no line follows"
            return Unfinished(message, place, self.lines[-1])
        last = tokenize(self._text)[-1]
        whole = self._statement(last.start, last.end)
        quote = next((char for char in last.text if char in "'\""), "'")
        place = whole.place()
        message = f"the quote {quote} is never closed"
        return Unfinished(message, place, whole.source_line(place))

    def _statement(self, begin: int, end: int) -> Statement:
        return Statement(
            self._text[begin:end], self.file, tuple(self.lines), tuple(self._starts), begin,
            self.first,
        )  # fmt: skip
