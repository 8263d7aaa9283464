"""The recipe of a run in its journal, as it was written, but for what is secret in it."""

from collections.abc import Mapping
from pathlib import Path

from nepishell.commands.context import Context
from nepishell.lang.credentials import MASK
from nepishell.lang.secrets import is_called_secret
from nepishell.replay.check import Checker
from nepishell.replay.recipe import Recipe

#: Of the record.
KIND = "recipe"


def enter(ctx: Context, recipe: Recipe, checked: Checker, parameters: Mapping[str, str]) -> None:
    """Enter *recipe* before it is played; *parameters*: those of the command line.

    What its parameters hold that becomes a secret is masked in the journal from now on.
    """
    ctx.hidden = frozenset(checked.hidden)
    if ctx.journal is not None:
        given = {
            name: MASK if _is_hidden(checked, name) else value for name, value in parameters.items()
        }
        # where it is here is of no use elsewhere
        about = {
            "file": Path(recipe.file).name,
            "text": without_secrets(recipe, checked),
            "given": given,
        }
        # one that plays others is not all of what was played
        ctx.journal.note(KIND, {**about, "whole": not checked.has_sources})


def _is_hidden(checked: Checker, name: str) -> bool:
    return name in checked.hidden or is_called_secret(name)


def without_secrets(recipe: Recipe, checked: Checker) -> str:
    """The text of *recipe* with its secrets masked."""
    masks = [(statement, *span, MASK) for statement, span in checked.secrets]
    masks += [
        (statement, 0, len(statement.text), f"param {name} {MASK}")
        for name, statement in checked.defaults
        if _is_hidden(checked, name)
    ]
    return recipe.rewritten(mask for mask in masks if mask[0].file == recipe.file)
