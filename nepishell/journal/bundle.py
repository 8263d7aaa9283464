"""A run as one file that is handed over: a zip with checksums, read without trusting any of it.

Nothing in it is executed or evaluated. Whatever could reach outside the folder that it is unpacked
into, or fill the disk, is refused before the first byte is written.
"""

import hashlib
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import IO
from zlib import error as ZlibError

from nepishell.core.errors import NepishellError

#: Members of a bundle that have a meaning of their own.
CRATE, MANIFEST, RECIPE, ORIGINAL, RUN = (
    "ro-crate-metadata.json",
    "manifest-sha256.txt",
    "recipe.nepi",
    "original.nepi",
    "run.json",
)
EXPERIMENT, METRICS, JOURNAL, LOG, TRACES = (
    "experiment.json",
    "metrics.csv",
    "journal.jsonl",
    "log.txt",
    "traces/",
)
#: Bounds of what is unpacked: files, bytes of a name, and bytes for each byte of the zip.
MOST_MEMBERS, LONGEST_NAME, MOST_RATIO = 100_000, 1000, 100
#: Bytes that any bundle may have, however small its zip is.
FREE_BYTES = 64 << 20
_CHUNK = 1 << 18
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")
_BAD_NAME = re.compile(r"[\x00-\x1f\x7f\\:]")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1

Progress = Callable[[int, int], None]


class BundleError(NepishellError):
    """A file that is no bundle, or one that was altered."""


class Bundle:
    """A bundle that was checked, by its list of contents; close it."""

    def __init__(self, path: Path) -> None:
        """Raises BundleError, saying what is wrong with the file."""
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as problem:
            reason = (problem.strerror or str(problem)).lower()
            raise BundleError(f"{path}: cannot be read: {reason}") from None
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise BundleError(f"{path}: not a zip file, or not all of one") from None
        try:
            self._members = checked_members(path, self._zip)
            self._sums = self._manifest()
        except BundleError:
            self._zip.close()
            raise

    def __enter__(self) -> "Bundle":
        return self

    def __exit__(self, *exc: object) -> None:
        self._zip.close()

    @property
    def names(self) -> Sequence[str]:
        """The names of its files."""
        return tuple(self._members)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(info.file_size for info in self._members.values())

    def text(self, name: str, most: int = 16 << 20) -> str:
        """A small file of it, as UTF-8; '' where there is none. Raises BundleError."""
        if name not in self._members:
            return ""
        if self._members[name].file_size > most:
            raise BundleError(f"{self.path}: {name} is larger than {most >> 20} MiB")
        data = b"".join(self._chunks(name))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise BundleError(f"{self.path}: {name} is not UTF-8 text") from None

    def unpack(self, folder: Path, progress: Progress = lambda done, total: None) -> None:
        """Write all its files below *folder*, empty and nobody else's, checking each.

        Raises BundleError.
        """
        done, total = 0, self.size
        for name in self._members:
            target = folder.joinpath(*PurePosixPath(name).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(_private(target), "wb") as file:
                for chunk in self._chunks(name):
                    file.write(chunk)
                    done += len(chunk)
                    progress(done, total)

    def verify(self) -> None:
        """Read all of it; raises BundleError at a file that is not what was bundled."""
        for name in self._members:
            for _ in self._chunks(name):
                pass

    def _chunks(self, name: str) -> Iterator[bytes]:
        """A file piece by piece; the last piece is followed by the comparison of its checksum."""
        found = hashlib.sha256()
        try:
            with self._zip.open(self._members[name]) as file:
                while chunk := _some(file):
                    found.update(chunk)
                    yield chunk
        except (
            zipfile.BadZipFile,
            ZlibError,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ):
            raise BundleError(f"{self.path}: {name} is damaged") from None
        if name != MANIFEST and found.hexdigest() != self._sums.get(name):
            raise BundleError(f"{self.path}: {name} is not what was bundled: its checksum differs")

    def _manifest(self) -> dict[str, str]:
        if MANIFEST not in self._members or RUN not in self._members:
            raise BundleError(f"{self.path}: not a bundle of a run: it has no {MANIFEST} or {RUN}")
        sums: dict[str, str] = {}
        for line in self.text(MANIFEST).splitlines():
            match = _SUM.fullmatch(line)
            if match is None:
                raise BundleError(f"{self.path}: {MANIFEST} has a line that is no checksum")
            sums[match[2]] = match[1]
        odd = (sums.keys() ^ self._members.keys()) - {MANIFEST}
        if odd:
            raise BundleError(f"{self.path}: {MANIFEST} and the files differ: {min(odd)[:80]!r}")
        return sums


def checked_members(
    path: Path, archive: zipfile.ZipFile, *, folders: bool = False
) -> dict[str, zipfile.ZipInfo]:
    """The files of the zip at *path*, by name, none of which leads elsewhere or fills the disk.

    *folders*: entries for folders are left out; else refused. Raises BundleError; nothing was
    unpacked then.
    """
    members = [info for info in archive.infolist() if not (folders and info.is_dir())]
    if len(members) > MOST_MEMBERS:
        raise BundleError(f"{path}: more than {MOST_MEMBERS:,} files")
    found: dict[str, zipfile.ZipInfo] = {}
    same: set[str] = set()
    for info in members:
        problem = _problem(info) or ("is there twice" if info.filename.casefold() in same else "")
        if problem:
            raise BundleError(f"{path}: {info.filename[:80]!r} {problem}: not opened")
        same.add(info.filename.casefold())
        found[info.filename] = info
    inner = {str(parent).casefold() for name in found for parent in PurePosixPath(name).parents}
    for name in found:
        if name.casefold() in inner:
            raise BundleError(f"{path}: {name[:80]!r} is a file and a folder: not opened")
    _check_size(path, found)
    return found


def _check_size(path: Path, found: Mapping[str, zipfile.ZipInfo]) -> None:
    size = sum(info.file_size for info in found.values())
    there = path.stat().st_size
    if size > FREE_BYTES + MOST_RATIO * there:
        raise BundleError(
            f"{path}: {there:,} bytes that would become {size:,}: not opened; "
            f"a bundle grows at most {MOST_RATIO}-fold"
        )


def _problem(info: zipfile.ZipInfo) -> str:
    """Why a member is refused; '' when it is not."""
    name, kind = info.filename, info.external_attr >> 16
    parts = name.split("/")
    if not name or len(name) > LONGEST_NAME or _BAD_NAME.search(name):
        return "is no name that a bundle has"
    if name.startswith("/") or ".." in parts or "." in parts or "" in parts:
        return "leads elsewhere"
    if stat.S_IFMT(kind) not in (0, stat.S_IFREG):
        return "is no plain file"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return "is packed in a way that bundles are not"
    return ""


def _some(file: IO[bytes]) -> bytes:
    return file.read(_CHUNK)


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
