"""Where nepishell keeps its files, by the XDG rules."""

import os
from pathlib import Path


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
