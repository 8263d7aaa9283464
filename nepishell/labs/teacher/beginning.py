"""A new lab: a small one that works, to be changed step by step."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from nepishell.core.errors import BadValue, NepishellError
from nepishell.labs.texts import NAME

_TEMPLATE = "template"
_PLACE = "@NAME@"


def new_lab(name: str, folder: Path | None = None) -> Path:
    """Write a lab called *name* into a new folder of that name in *folder* (default: here).

    Raises BadValue for a name that cannot be one, NepishellError where something is there already.
    """
    if not NAME.fullmatch(name):
        raise BadValue(f"'{name}' is no name of a lab: letters, digits, '-' and '_' only")
    target = (folder or Path()) / name
    try:
        target.mkdir(parents=True)
        _write(files("nepishell.labs.teacher").joinpath(_TEMPLATE), target, name)
    except FileExistsError:
        raise NepishellError(f"{target} is there already: choose another name") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{target}: cannot be written: {reason}") from None
    return target


def _write(source: Traversable, target: Path, name: str) -> None:
    for each in source.iterdir():
        if each.is_dir():
            (target / each.name).mkdir()
            _write(each, target / each.name, name)
        else:
            text = each.read_text(encoding="utf-8").replace(_PLACE, name)
            (target / each.name).write_text(text, encoding="utf-8")
