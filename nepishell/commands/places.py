"""Where nepishell keeps its files, by the XDG rules."""

import os
from collections.abc import Iterable
from pathlib import Path

#: How the name of a recipe's file ends.
RECIPE = ".nepi"


def state_home() -> Path:
    """Runs, history and the log: $XDG_STATE_HOME/nepishell, not made here."""
    return _xdg("XDG_STATE_HOME", ".local/state")


def _xdg(variable: str, fallback: str) -> Path:
    given = os.environ.get(variable, "")
    # the rules say: a relative path is to be ignored
    base = Path(given) if given.startswith("/") else Path.home() / fallback
    return base / "nepishell"


def recipe_folders() -> tuple[Path, ...]:
    """Where shipped recipes are: beside the installed package, or in a checkout."""
    package = Path(__file__).resolve().parents[1]
    return (package / "share" / "recipes", package.parent / "recipes")


def shipped(folders: Iterable[Path]) -> dict[str, Path]:
    """name -> file of the recipes in *folders*; the first folder that has a name wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*{RECIPE}")):
            found.setdefault(path.stem, path)
    return found
