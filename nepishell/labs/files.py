"""The files of a lab, from a folder or a zip, by name; none of them leads out of it.

Everything is text, read whole into memory and bounded; a link out of the folder is refused, as is a
zip that would grow too much.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from zlib import error as ZlibError

from nepishell.core.errors import NepishellError
from nepishell.journal.bundle import BundleError, checked_members

#: The file that makes a folder a lab.
MANIFEST = "lab.toml"
#: Bytes of one file, and of all of them; files. A lab is text.
LARGEST, LARGEST_LAB, MOST_FILES = 1 << 20, 8 << 20, 500
_SUFFIXES = (".toml", ".md", ".nepi", ".txt", ".svg")


class LabError(NepishellError):
    """What is wrong with a lab; *caret*: the line with a caret under it, or ''."""

    def __init__(self, message: str, caret: str = "") -> None:
        super().__init__(message)
        self.caret = caret


def read_files(path: Path) -> dict[str, str]:
    """name -> text of the files of the lab at *path*, a folder or a zip; raises LabError."""
    if path.name == MANIFEST:
        path = path.parent
    found: dict[str, str] = {}
    size = 0
    for name, data in _from_folder(path) if path.is_dir() else _from_zip(path):
        size += len(data)
        if size > LARGEST_LAB:
            raise LabError(f"{path}: larger than {LARGEST_LAB >> 20} MiB: that is no lab")
        try:
            found[name] = data.decode("utf-8")
        except UnicodeDecodeError:
            raise LabError(f"{path}: {name} is not UTF-8 text") from None
    if MANIFEST not in found:
        raise LabError(f"{path}: not a lab: it has no {MANIFEST}")
    return found


def _from_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    top = folder.resolve()
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in _SUFFIXES]
    if len(paths) > MOST_FILES:
        raise LabError(f"{folder}: more than {MOST_FILES} files: that is no lab")
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if not path.resolve().is_relative_to(top):
            raise LabError(f"{folder}: {name} leads out of the lab: not read")
        if path.is_file():
            yield name, _bounded(folder, name, path)


def _bounded(folder: Path, name: str, path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise LabError(f"{folder}: {name} cannot be read: {reason}") from None
    if len(data) > LARGEST:
        raise LabError(f"{folder}: {name} is larger than {LARGEST >> 20} MiB")
    return data


def _from_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = checked_members(path, archive, folders=True)
            for name, info in members.items():
                if info.file_size > LARGEST:
                    raise LabError(f"{path}: {name} is larger than {LARGEST >> 20} MiB")
                if Path(name).suffix in _SUFFIXES:
                    yield _below_top(name, members), archive.read(info)
    except BundleError as problem:
        raise LabError(str(problem)) from None
    except FileNotFoundError:
        raise LabError(f"{path}: no such lab; see 'lab list'") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise LabError(f"{path}: cannot be read: {reason}") from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, ZlibError, EOFError):
        raise LabError(f"{path}: neither a folder nor a zip file that can be read") from None


def _below_top(name: str, members: dict[str, zipfile.ZipInfo]) -> str:
    """The name inside of the lab: many zips hold one folder, which holds all."""
    top = name.partition("/")[0]
    return name.removeprefix(f"{top}/") if f"{top}/{MANIFEST}" in members else name
