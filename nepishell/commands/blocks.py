"""Words of recipes: blocks, places and files. Whoever plays lines unrolls them before they run.

What is here declares them, so that they complete, have help, and are refused where none may stand.
"""

import re
from collections.abc import Iterable
from typing import NoReturn

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note
from nepishell.core.errors import NepishellError
from nepishell.lang.errors import Bad
from nepishell.lang.registry import LOOK, RUN, command, commands
from nepishell.lang.types.base import BaseType, Candidate, Env
from nepishell.lang.view import View

_PLACE = re.compile(r"[\w.-]+:")


class PlaceType(BaseType):
    """`NAME:`, a place in a recipe."""

    name, style, help, sample = "place", "name", "the name of a place, and ':'", "measured:"
    rank = 29

    def parse(self, view: View, env: Env, text: str) -> str:
        if not _PLACE.fullmatch(text):
            raise Bad(f"'{text}' is not the name of a place, as in measured:", weak=True)
        return text[:-1]

    def partial(self, view: View, env: Env, text: str) -> bool:
        return text == "" or _PLACE.fullmatch(f"{text}:") is not None

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return ()

    def format(self, value: object, view: View | None, env: Env) -> str:
        return f"{value}:"


commands.add_type(PlaceType.name, PlaceType)


def _misplaced(word: str) -> NoReturn:
    raise NepishellError(f"'{word}' stands at the beginning of a line of its own, with its block")


@command("for <name:text> in <values:argv>", effects=LOOK, group="recipes", nests=False)
def for_(ctx: Context, *, name: str, values: tuple[str, ...]) -> Note:
    """Repeat the lines up to `end` for each value, which `${name}` stands for in them.

    Values: names and numbers, web[1-8], 1-5, lists with commas or blanks, labels by h*.

    for h in web[1-8]
    """
    _misplaced("for")


@command("end", effects=LOOK, group="recipes", nests=False)
def end(ctx: Context) -> Note:
    """End a block that `for` or `on-fail` began."""
    raise NepishellError("'end' ends nothing: no block is open here")


@command("on-fail", effects=LOOK, group="recipes", nests=False)
def on_fail(ctx: Context) -> Note:
    """Do the lines up to `end` when the recipe fails, before anything is released.

    At the prompt they are passed over.
    """
    _misplaced("on-fail")


@command("include <file:path(.nepi)>", effects=RUN, group="recipes", nests=False)
def include(ctx: Context, *, file: str) -> Note:
    """Put the lines of a file here: its parameters, places and blocks belong to this recipe.

    Its name is relative to the file that names it. `source` plays a recipe as one command.
    """
    raise NepishellError("'include' stands at the beginning of a line of its own")


@command("label <place:place>", effects=LOOK, group="recipes", name="label place", nests=False)
def label_place(ctx: Context, *, place: str) -> Note:
    """Name a place in a recipe: `nepishell run FILE --until NAME` plays as far as there.

    label measured:
    """
    return note(f"at {place}", place=place)
