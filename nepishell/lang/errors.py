"""What can be wrong with a line or with a declaration, and where in it."""

from collections.abc import Callable, Iterable

from nepishell.core.errors import NepishellError, did_you_mean


class GrammarError(NepishellError, ValueError):
    """A command is declared wrongly: names the command and the argument."""


class Bad(NepishellError):
    """What an argument type raises on a word it cannot take.

    *offset*, *length*: the culprit inside the word (default: all of it). *near*: the wrong name
    and a function that lists the right ones, asked only when somebody reads the message.
    *weak*: the word does not look like this type at all: another type's message says more.
    """

    def __init__(
        self,
        message: str,
        *,
        offset: int = 0,
        length: int | None = None,
        near: tuple[str, Callable[[], Iterable[str]]] | None = None,
        weak: bool = False,
    ) -> None:
        super().__init__(message)
        self.offset = offset
        self.length = length
        self.near = near
        self.weak = weak

    def __str__(self) -> str:
        hint = did_you_mean(self.near[0], self.near[1]()) if self.near else ""
        return f"{self.args[0]}{hint}"


class LangError(NepishellError):
    """A line that is not a command: *message*, *column* (from 0) and *length* in *text*.

    *incomplete*: nothing is wrong so far, more is needed.
    """

    def __init__(
        self,
        message: str,
        column: int = 0,
        length: int = 1,
        *,
        text: str = "",
        incomplete: bool = False,
    ) -> None:
        # a quote may span lines, and an error is one line whatever it quotes
        message = message.replace("\r", "\\r").replace("\n", "\\n")
        super().__init__(message)
        self.message = message
        self.column = column
        self.length = max(1, length)
        self.text = text
        self.incomplete = incomplete

    def render(self, source: str = "", line: int = 0) -> str:
        """The message, then the line with a caret under the culprit.

        *source* and *line* (from 1) are put before it as `file:line:column: `.
        """
        where = f"{source}:{line}:{self.column + 1}: " if source else ""
        # tabs would move the caret
        shown = self.text.replace("\t", " ").partition("\n")[0]
        if not shown.strip():
            return f"{where}{self.message}"
        return f"{where}{self.message}\n    {shown}\n    {' ' * self.column}{'^' * self.length}"
