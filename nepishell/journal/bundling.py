"""Writing a run into a bundle: streaming, all or nothing, the same bytes for the same run."""

import errno
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import IO, Any

from nepishell.core.errors import NepishellError
from nepishell.journal.bundle import CRATE, JOURNAL, LOG, MANIFEST, MOST_RATIO, TRACES, Progress
from nepishell.journal.crate import Entry, crate

_CHUNK = 1 << 18
#: Bytes at the beginning of a file that tell how well it can be packed.
_SAMPLE = 1 << 20
#: What packs better is stored as it is, so that no bundle grows more than is believed of one.
_TOO_WELL = MOST_RATIO // 2
#: What is smaller by less is stored as it is, too: packing takes ten times as long as copying.
_TOO_LITTLE = 0.95
_EPOCH = (1980, 1, 1, 0, 0, 0)


def files_of(run_dir: Path) -> dict[str, Path]:
    """What of a run's directory is handed over, by its name in the bundle; never through a link."""
    found = {name: run_dir / name for name in (JOURNAL, LOG) if _is_file(run_dir / name)}
    traces = run_dir / TRACES
    if traces.is_dir() and not traces.is_symlink():
        for path in sorted(traces.rglob("*")):
            if _is_file(path):
                found[path.relative_to(run_dir).as_posix()] = path
    return found


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def write_bundle(
    target: Path,
    files: Mapping[str, Path],
    texts: Mapping[str, str],
    about: Mapping[str, Any],
    progress: Progress = lambda done, total: None,
) -> int:
    """Write *files* and *texts*, by name, with checksums and RO-Crate metadata; gives its bytes.

    *about*: what the metadata say of the run, see crate(). *progress* may raise to stop it: then,
    and after any error, no file is left. Raises NepishellError, also when *target* exists.
    """
    sizes = {name: path.stat().st_size for name, path in files.items()}
    total = sum(sizes.values())
    with (
        _all_or_nothing(target) as file,
        _Packer(file, lambda done: progress(done, total)) as packer,
    ):
        for name in sorted({*files, *texts}):
            if name in texts:
                packer.text(name, texts[name])
            else:
                packer.file(name, files[name], sizes[name])
        packer.text(CRATE, json.dumps(crate(packer.entries, about), indent=2, ensure_ascii=False))
        packer.text(MANIFEST, "".join(f"{one.sha256}  {one.name}\n" for one in packer.entries))
    return target.stat().st_size


class _Packer:
    def __init__(self, file: IO[bytes], progress: Callable[[int], None]) -> None:
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self._progress = progress
        self._done = 0
        self.entries: list[Entry] = []

    def __enter__(self) -> "_Packer":
        return self

    def __exit__(self, *exc: object) -> None:
        self._zip.close()

    def text(self, name: str, text: str) -> None:
        data = text.encode("utf-8", "backslashreplace")
        self._add(name, iter((data,)), _method(data))

    def file(self, name: str, path: Path, size: int) -> None:
        """What is in *path* up to *size* bytes: a run that goes on may write more meanwhile."""
        with path.open("rb") as source:
            method = _method(source.read(_SAMPLE))
            source.seek(0)
            self._add(name, _pieces(source, size), method, self._tell)

    def _tell(self, count: int) -> None:
        self._done += count
        self._progress(self._done)

    def _add(
        self,
        name: str,
        pieces: Iterator[bytes],
        method: int,
        tell: Callable[[int], None] = lambda count: None,
    ) -> None:
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type, info.external_attr = method, 0o600 << 16
        found, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                found.update(piece)
                size += len(piece)
                tell(len(piece))
        self.entries.append(Entry(name, size, found.hexdigest()))


def _method(beginning: bytes) -> int:
    packed = len(zlib.compress(beginning, 1))
    is_worth_it = _TOO_LITTLE * len(beginning) > packed >= len(beginning) / _TOO_WELL
    return zipfile.ZIP_DEFLATED if is_worth_it else zipfile.ZIP_STORED


def _pieces(source: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (piece := source.read(min(_CHUNK, size))):
        size -= len(piece)
        yield piece


@contextmanager
def _all_or_nothing(target: Path) -> Iterator[IO[bytes]]:
    """A file that has the name *target* only once it is whole; raises NepishellError."""
    if target.exists():
        raise NepishellError(f"{target} exists; choose another name, or remove it first")
    name = ""
    try:
        descriptor, name = _nameless(target)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            # never over a file that came meanwhile
            if name:
                os.link(name, target)
            else:
                _name(file.fileno(), target)
    except FileExistsError:
        raise NepishellError(f"{target} exists; choose another name, or remove it first") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{target}: cannot be written: {reason}") from None
    finally:
        if name:
            with suppress(OSError):
                Path(name).unlink()


def _name(descriptor: int, target: Path) -> None:
    """Give a file without a name one."""
    folder = os.open("/proc/self/fd", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # with a folder Python calls linkat(), which follows the link there; link() would not
        os.link(str(descriptor), target, src_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)


def _nameless(target: Path) -> tuple[int, str]:
    """A new file beside *target* that nobody sees, and its name: '' where it has none.

    One without a name is gone with its process, however that ends; not all file systems have it.
    """
    try:
        return os.open(target.parent, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600), ""
    except OSError as problem:
        if problem.errno not in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL):
            raise
    return mkstemp(dir=target.parent, prefix=f".{target.name}.")
