"""A block that is typed line by line: no line of it is executed before its `end` came."""

from collections.abc import Callable

from nepishell.commands.context import Context
from nepishell.core.errors import NepishellError
from nepishell.replay.blocks import FOR, depth_of, loop_of, verb_of
from nepishell.replay.reader import Statement, Unfinished, read_statements
from nepishell.shell.reading import LineReader


class Gathering:
    """Reads what is missing. *ctx*: where `${x}` of a block stands for its first value meanwhile,
    so that the lines in it are painted as they will be read.
    """

    def __init__(self, reader: LineReader, ctx: Context, forget: Callable[[], None]) -> None:
        """*forget*: called when what `${x}` stands for has changed."""
        self._reader = reader
        self._ctx = ctx
        self._forget = forget

    def whole(self, text: str) -> str:
        """*text*, and the lines that end the blocks which it leaves open; '' where they were
        given up by Ctrl-C or Ctrl-D.
        """
        before = dict(self._ctx.bound)
        try:
            while depth_of(statements := _statements(text)):
                self._ctx.bound.update(self._first_values(statements))
                self._forget()
                text = f"{text}\n{self._reader.read_more()}"
        except (KeyboardInterrupt, EOFError):
            if not self._reader.is_there:
                raise
            return ""
        finally:
            if self._ctx.bound != before:
                self._ctx.bound.clear()
                self._ctx.bound.update(before)
                self._forget()
        return text

    def _first_values(self, statements: list[Statement]) -> dict[str, str]:
        found: dict[str, str] = {}
        for statement in statements:
            if verb_of(statement) == FOR:
                try:
                    params = {**self._ctx.parameters, **found}
                    loop = loop_of(statement, params, lambda text: [text])
                except NepishellError:
                    # it is told when the block is executed
                    continue
                if loop.values:
                    found[loop.name] = loop.values[0]
        return found


def _statements(text: str) -> list[Statement]:
    """Those of *text*; none of one that ends in a quote."""
    try:
        return list(read_statements(text.splitlines(), "line"))
    except Unfinished:
        return []
