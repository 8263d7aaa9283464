"""Finding a recipe: a path, or the name of one that ships with nepishell."""

from collections.abc import Iterable
from pathlib import Path

from nepishell.commands.places import RECIPE, shipped
from nepishell.core.errors import UnknownName, did_you_mean


def find_recipe(name: str, folders: Iterable[Path]) -> Path:
    """The file that *name* stands for: a path first, then a shipped recipe; raises UnknownName."""
    path = Path(name)
    if path.exists():
        return path
    known = shipped(folders)
    if name.removesuffix(RECIPE) in known:
        return known[name.removesuffix(RECIPE)]
    hint = did_you_mean(name, known) or (f"; recipes are {', '.join(known)}" if known else "")
    raise UnknownName(f"no file or recipe '{name}'{hint}")
