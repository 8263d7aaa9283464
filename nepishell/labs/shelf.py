"""Finding a lab: a path, or the name of one that ships with nepishell."""

from collections.abc import Iterable
from pathlib import Path

from nepishell.commands.places import recipe_folders
from nepishell.core.errors import UnknownName, did_you_mean
from nepishell.labs.files import MANIFEST
from nepishell.labs.model import Lab, read_lab

#: Below the folders of recipes.
FOLDER = "labs"


def shipped_labs(folders: Iterable[Path] | None = None) -> dict[str, Path]:
    """name -> folder of the labs that ship; the first folder that has a name wins."""
    found: dict[str, Path] = {}
    for folder in recipe_folders() if folders is None else folders:
        for path in sorted((folder / FOLDER).glob(f"*/{MANIFEST}")):
            found.setdefault(path.parent.name, path.parent)
    return found


def find_lab(name: str) -> Lab:
    """The lab that *name* stands for: a shipped one, else a path; raises LabError, UnknownName."""
    known = shipped_labs()
    if name in known:
        return read_lab(known[name])
    path = Path(name).expanduser()
    if path.exists():
        return read_lab(path)
    hint = did_you_mean(name, known) or (f"; labs are {', '.join(known)}" if known else "")
    raise UnknownName(f"no lab '{name}'{hint}")
