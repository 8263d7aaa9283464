"""A recipe: its first comment says what it shows, the rest is statements, played one by one.

Errors leave with the place, the line and a caret. `replay.script` plays it.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from nepishell.core.errors import NepishellError
from nepishell.lang.secrets import hide
from nepishell.replay.reader import Place, Statement, Unfinished, read_statements


class RecipeError(NepishellError):
    """What went wrong in a recipe, and where; *caret*: the line with a caret under it, or ''.

    *told*: it was shown to people already, on its way out of recipes that play recipes.
    *place*, *length*, *what*: where it begins, how many characters are to blame, and what is wrong
    without the place; None, 0 and all of the message where that is not known.
    """

    def __init__(
        self, message: str, caret: str = "", *, place: Place | None = None, length: int = 0,
        what: str = "",
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.caret = caret
        self.told = False
        self.place = place
        self.length = length
        self.what = what or message


@dataclass(frozen=True, slots=True)
class Recipe:
    """A file of commands."""

    file: str
    text: str
    folder: Path = field(default_factory=Path)

    @property
    def summary(self) -> str:
        """The first line of the comment it begins with, or ''."""
        first = next((line for line in self.text.splitlines() if line.strip()), "")
        return first.lstrip("# ").rstrip() if first.startswith("#") else ""

    def statements(self) -> Iterator[Statement]:
        """Its commands in order; raises RecipeError for a quote that is never closed."""
        try:
            yield from read_statements(self.text.splitlines(), self.file)
        except Unfinished as problem:
            caret = caret_under(problem.line, problem.place.column, 1)
            raise RecipeError(
                f"{problem.place}: {problem}", caret, place=problem.place, length=1,
                what=str(problem),
            ) from None  # fmt: skip

    def rewritten(self, changes: Iterable[tuple[Statement, int, int, str]]) -> str:
        """Its text with parts of its statements, from one column to another, written otherwise."""
        begins = [0, *accumulate(map(len, self.text.splitlines(keepends=True)))]

        def where(statement: Statement, column: int) -> int:
            place = statement.place(column)
            return begins[place.line - 1] + place.column - 1

        # what is played several times is there once
        found = {
            (where(statement, start), where(statement, end), instead)
            for statement, start, end, instead in changes
        }
        text = self.text
        for begin, end, instead in sorted(found, reverse=True):
            text = f"{text[:begin]}{instead}{text[end:]}"
        return text


def read_recipe(path: Path) -> Recipe:
    """A recipe from a file; raises NepishellError when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise NepishellError(f"{path}: not a text file; a recipe is UTF-8 text") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be read: {reason}") from None
    return Recipe(str(path), text, path.parent)


def read_stdin(name: str = "") -> Recipe:
    """A recipe from standard input, as the text of the file *name*; raises NepishellError."""
    try:
        # a closed standard input is None
        text = sys.stdin.read() if sys.stdin is not None else ""
    except UnicodeDecodeError:
        raise NepishellError("stdin: not a text; a recipe is UTF-8 text") from None
    return Recipe(name or "stdin", text, Path(name).parent)


def caret_under(line: str, column: int, length: int) -> str:
    """*line*, and below it a caret at *column* (from 1) with a tail of *length* characters."""
    # tabs stay tabs, so that the caret lands under what the terminal shows
    lead = "".join("\t" if char == "\t" else " " for char in line[: column - 1])
    room = max(1, min(length, len(line) - column + 1))
    return f"    {line}\n    {lead}^{'~' * (room - 1)}"


def locate(
    statement: Statement,
    message: str,
    column: int = 0,
    length: int = 0,
    *,
    secrets: Iterable[str] = (),
) -> RecipeError:
    """The error *message* about a part of a statement (no *length*: all), with place and caret.

    *secrets*: parts of the line that are not shown.
    """
    place = statement.place(column)
    line = hide(statement.source_line(place), secrets)
    length = length or len(statement.text)
    return RecipeError(
        f"{place}: {message}", caret_under(line, place.column, length), place=place, length=length,
        what=message,
    )  # fmt: skip


Execute = Callable[[Statement], None]
