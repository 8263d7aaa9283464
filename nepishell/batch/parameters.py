"""`nepishell run FILE --help-params`: which parameters a recipe has, without playing it."""

from nepishell.batch.exits import Exit
from nepishell.batch.printer import Printer
from nepishell.commands.notes import Shown
from nepishell.lang.credentials import MASK
from nepishell.lang.secrets import is_called_secret
from nepishell.output.records import Records
from nepishell.replay.parameters import declared
from nepishell.replay.recipe import Recipe, RecipeError

COLUMNS = ("name", "default", "type", "line:int")


def show_parameters(recipe: Recipe, printer: Printer) -> int:
    """Print the table; returns the exit status."""
    try:
        found = declared(recipe)
    except RecipeError as problem:
        printer.say(f"{problem}\n{problem.caret}".rstrip())
        return Exit.USAGE
    rows = [
        (
            one.name,
            MASK if one.default and is_called_secret(one.name) else one.default,
            "|".join(one.choices) or one.type,
            one.place.line,
        )
        for one in found
    ]
    printer.show(Shown(Records(COLUMNS, rows, "parameters")))
    return Exit.DONE
