"""The copy of a lab that students get: all of it but the solutions and the mutants."""

import zipfile
from contextlib import suppress
from pathlib import Path

from nepishell.core.errors import NepishellError
from nepishell.labs.model import Lab

SUFFIX = ".zip"
#: The same lab is the same file, whenever it is packed; zips know no earlier day.
_DAY = (1980, 1, 1, 0, 0, 0)


def pack(lab: Lab, target: Path) -> Path:
    """Write the students' copy of *lab* into the zip *target*; a folder gets LAB.zip in it.

    What is there already stays as it is. Raises NepishellError.
    """
    if target.is_dir():
        target = target / f"{lab.id}{SUFFIX}"
    if target.suffix != SUFFIX:
        raise NepishellError(
            f"'{target}': the students' copy is a zip; give it the ending {SUFFIX}"
        )
    try:
        file = target.open("xb")
    except FileExistsError:
        raise NepishellError(f"{target} is there already: choose another name") from None
    except OSError as problem:
        raise _unwritable(target, problem) from None
    try:
        with file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in sorted(lab.files.items()):
                archive.writestr(zipfile.ZipInfo(name, _DAY), text)
    except OSError as problem:
        with suppress(OSError):
            target.unlink()
        raise _unwritable(target, problem) from None
    return target


def _unwritable(target: Path, problem: OSError) -> NepishellError:
    reason = (problem.strerror or str(problem)).lower()
    return NepishellError(f"{target}: cannot be written: {reason}")
