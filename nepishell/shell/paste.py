"""A block of lines, pasted or recalled: a script that stops at its first error.

What was not run is handed back, the culprit first, so that it can be mended and sent again.
"""

from collections.abc import Callable
from typing import NamedTuple

from nepishell.replay.reader import Place, Statement, Unfinished, read_statements


class Stop(NamedTuple):
    """Where a block stopped: the place, and the text that is left to run, culprit included."""

    place: Place
    left: str
    unfinished: str = ""


def run_block(text: str, execute: Callable[[Statement], bool]) -> Stop | None:
    """Execute the statements of *text* one by one; None when all went well.

    *execute* tells what went wrong and returns False for it. A text that ends inside a quote is not
    begun: what stands in the quote could be meant as lines.
    """
    lines = text.splitlines()
    try:
        statements = list(read_statements(lines, "line"))
    except Unfinished as problem:
        return Stop(problem.place, text, str(problem))
    for statement in statements:
        if not execute(statement):
            place = statement.place()
            first = lines[place.line - 1][place.column - 1 :]
            return Stop(place, "\n".join([first, *lines[place.line :]]))
    return None
