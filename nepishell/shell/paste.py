"""A block of lines, pasted or recalled: a script that stops at its first error.

What was not run is handed back, the culprit first, so that it can be mended and sent again.
"""

from collections.abc import Callable
from contextlib import closing
from typing import NamedTuple

from nepishell.replay.reader import Place, Statement, Unfinished, read_statements
from nepishell.replay.recipe import RecipeError
from nepishell.replay.script import Script


class Stop(NamedTuple):
    """Where a block stopped: the place, and the text that is left to run, culprit included."""

    place: Place
    left: str
    unfinished: str = ""


def run_block(text: str, execute: Callable[[Statement], bool], script: Script) -> Stop | None:
    """Execute the statements of *text* one by one, blocks unrolled; None when all went well.

    *execute* tells what went wrong and returns False for it. A text that ends inside a quote is not
    begun: what stands in the quote could be meant as lines.
    """
    lines = text.splitlines()
    try:
        statements = list(read_statements(lines, "line"))
    except Unfinished as problem:
        return Stop(problem.place, text, str(problem))
    try:
        with closing(script.unrolled(statements)) as unrolled:
            for statement in unrolled:
                if not execute(statement):
                    # a block is begun again as a whole
                    return _stop(lines, (script.block or statement).place())
    except RecipeError as problem:
        return _stop(lines, problem.place or Place("line", 1, 1), problem.what)
    return None


def _stop(lines: list[str], place: Place, problem: str = "") -> Stop:
    first = lines[place.line - 1][place.column - 1 :]
    return Stop(place, "\n".join([first, *lines[place.line :]]), problem)
