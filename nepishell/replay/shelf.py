"""Finding a recipe: a path, or the name of one that ships with nepishell."""

from collections.abc import Iterable
from pathlib import Path

from nepishell.core.errors import UnknownName, did_you_mean

SUFFIX = ".nepi"


def shipped(folders: Iterable[Path]) -> dict[str, Path]:
    """name -> file of the recipes in *folders*; the first folder that has a name wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            found.setdefault(path.stem, path)
    return found


def find_recipe(name: str, folders: Iterable[Path]) -> Path:
    """The file that *name* stands for: a path first, then a shipped recipe; raises UnknownName."""
    path = Path(name)
    if path.exists():
        return path
    known = shipped(folders)
    if name.removesuffix(SUFFIX) in known:
        return known[name.removesuffix(SUFFIX)]
    hint = did_you_mean(name, known) or (f"; recipes are {', '.join(known)}" if known else "")
    raise UnknownName(f"no file or recipe '{name}'{hint}")
