"""A foreign file as text with places; what is wrong with it is told with a caret."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nepishell.core.errors import NepishellError
from nepishell.replay.reader import Place
from nepishell.replay.recipe import RecipeError, caret_under

#: No description of a network by hand is longer.
MOST_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of one file."""

    file: str
    text: str

    def lines(self) -> Iterator[tuple[int, str]]:
        """Its lines, numbered from 1."""
        return enumerate(self.text.splitlines(), start=1)

    def wrong(self, line: int, what: str, column: int = 1, length: int = 0) -> RecipeError:
        """The error about a part of a line; *column* from 1, no *length*: the rest of the line."""
        lines = self.text.splitlines() or [""]
        line = min(max(line, 1), len(lines))
        text = lines[line - 1]
        column = min(max(column, 1), len(text) + 1)
        length = length or max(1, len(text.rstrip()) - column + 1)
        place = Place(self.file, line, column)
        message = " ".join(what.split())
        caret = caret_under(text, column, length)
        return RecipeError(f"{place}: {message}", caret, place=place, length=length, what=message)


def read_source(path: Path) -> Source:
    """The text of a file; raises NepishellError."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be read: {reason}") from None
    if len(data) > MOST_BYTES:
        raise NepishellError(f"{path}: larger than {MOST_BYTES // 2**20} MiB")
    try:
        return Source(str(path), data.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise NepishellError(f"{path}:{line}: not a text in UTF-8") from None
