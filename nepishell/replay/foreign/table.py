"""Which reader is for which file; each is loaded when it is needed."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from nepishell.core.errors import NepishellError
from nepishell.replay.foreign.kathara import CONF
from nepishell.replay.foreign.network import Network

#: kind -> "module:function", which takes a path and gives a Network
READERS = {
    "mininet": "nepishell.replay.foreign.mininet:read",
    "mininet-python": "nepishell.replay.foreign.mininet_python:read",
    "containerlab": "nepishell.replay.foreign.containerlab:read",
    "kathara": "nepishell.replay.foreign.kathara:read",
}
_ENDINGS = {".py": "mininet-python", ".yml": "containerlab", ".yaml": "containerlab"}


def kind_of(path: Path) -> str:
    """The kind of a file, by its name; raises NepishellError for a folder that is no lab."""
    if path.is_dir():
        if not (path / CONF).is_file():
            raise NepishellError(f"{path}: a folder without a {CONF}; name the file in it")
        return "kathara"
    if path.name == CONF:
        return "kathara"
    return _ENDINGS.get(path.suffix.lower(), "mininet")


def read_foreign(path: Path, kind: str = "") -> Network:
    """The network in a file or folder of others; raises NepishellError with the place."""
    module, _, name = READERS[kind or kind_of(path)].partition(":")
    reader: Callable[[Path], Network] = getattr(import_module(module), name)
    return reader(path)
