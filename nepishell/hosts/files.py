"""Files of a host whose file system is ours."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

from nepishell.core.errors import HostError
from nepishell.hosts.base import OnReach, Progress, Reach
from nepishell.hosts.following import FOLLOWER

_BLOCK = 1 << 20


def _refused(what: str, path: Path, exc: OSError) -> HostError:
    return HostError(f"cannot {what} {path}: {exc.strerror or exc}")


class LocalFiles:
    """The part of nepishell.hosts.base.Host that is about files, and about being reached."""

    def __init__(self) -> None:
        self._follows: set[Callable[[], None]] = set()

    @property
    def home(self) -> Path:
        return Path.home()

    @property
    def reach(self) -> Reach:
        return Reach(up=True, since=0.0)

    def on_reach(self, callback: OnReach) -> Callable[[], None]:
        """It is always up: there is nothing to call."""
        return lambda: None

    def read(self, path: Path, offset: int = 0, size: int = -1) -> bytes:
        try:
            with path.open("rb") as file:
                file.seek(offset)
                return file.read(size)
        except OSError as exc:
            raise _refused("read", path, exc) from exc

    def size(self, path: Path) -> int:
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return 0
        except OSError as exc:
            raise _refused("read", path, exc) from exc

    def follow(
        self, path: Path, offset: int, on_data: Callable[[bytes], None]
    ) -> Callable[[], None]:
        stop = FOLLOWER.follow(path, offset, on_data)
        self._follows.add(stop)

        def stopped() -> None:
            self._follows.discard(stop)
            stop()

        return stopped

    def stop_following(self) -> None:
        """Stop whatever is followed here."""
        while self._follows:
            self._follows.pop()()

    def write(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        made: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fd, name = mkstemp(prefix=f".{path.name[:100]}-", dir=path.parent)
            made = Path(name)
            with open(fd, "wb") as file:  # noqa: PTH123 # it is a descriptor
                file.write(data)
            made.chmod(mode)
            made.replace(path)
        except OSError as exc:
            if made is not None:
                with suppress(OSError):
                    made.unlink()
            raise _refused("write", path, exc) from exc

    def put(self, source: Path, target: Path, progress: Progress | None = None) -> None:
        _copy_all([(source, target)], progress)

    def put_all(self, files: Mapping[Path, Path], progress: Progress | None = None) -> None:
        for target in files:
            self.mkdir(target.parent)
        _copy_all(list(walk(files, self.mkdir)), progress)

    def get(
        self, source: Path, target: Path, *, offset: int = 0, progress: Progress | None = None
    ) -> None:
        if not offset:
            _copy_all([(source, target)], progress)
            return
        try:
            with source.open("rb") as reader, target.open("r+b") as writer:
                reader.seek(offset)
                writer.seek(offset)
                total = source.stat().st_size
                for done in _copied(reader, writer):
                    if progress is not None:
                        progress(offset + done, total)
                writer.truncate()
        except OSError as exc:
            raise _refused(f"copy {source} to {target}:", target, exc) from exc

    def checksums(self, paths: Sequence[Path]) -> dict[Path, str]:
        found = {}
        for path in paths:
            try:
                with path.open("rb") as file:
                    found[path] = hashlib.file_digest(file, "sha256").hexdigest()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                continue
            except OSError as exc:
                raise _refused("read", path, exc) from exc
        return found

    def remove(self, path: Path) -> None:
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            return
        except NotADirectoryError:
            # a file stands where one of its parents would be
            return
        except OSError as exc:
            culprit = Path(exc.filename) if exc.filename else path
            raise _refused("remove", culprit, exc) from exc

    def mkdir(self, path: Path) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise _refused("make the directory", path, exc) from exc


def walk(
    files: Mapping[Path, Path], on_folder: Callable[[Path], None]
) -> Iterator[tuple[Path, Path]]:
    """(local file, target) of all files, folders entered; *on_folder* is told their targets."""
    for target, source in files.items():
        if not source.is_dir():
            yield source, target
            continue
        on_folder(target)
        for inner in sorted(source.rglob("*")):
            there = target / inner.relative_to(source)
            if inner.is_dir():
                on_folder(there)
            else:
                yield inner, there


def _copy_all(pairs: Sequence[tuple[Path, Path]], progress: Progress | None) -> None:
    before, total = 0, 0
    for source, target in pairs:
        try:
            total += source.stat().st_size
        except OSError as exc:
            raise _refused(f"copy {source} to {target}:", source, exc) from exc
    for source, target in pairs:
        before = _copy(source, target, before, total, progress)


def _copy(source: Path, target: Path, before: int, total: int, progress: Progress | None) -> int:
    """Copy one file; the bytes done with it."""
    done = 0
    try:
        if target.is_dir():
            target = target / source.name
        if target.exists() and source.samefile(target):
            return before + source.stat().st_size
        with source.open("rb") as reader, target.open("wb") as writer:
            for done in _copied(reader, writer):
                if progress is not None:
                    progress(before + done, total)
        shutil.copymode(source, target)
    except OSError as exc:
        culprit = Path(exc.filename) if exc.filename else target
        raise _refused(f"copy {source} to {target}:", culprit, exc) from exc
    return before + done


def _copied(reader: BinaryIO, writer: BinaryIO) -> Iterator[int]:
    """Copy the rest; the bytes so far, after each block."""
    done = 0
    while block := reader.read(_BLOCK):
        writer.write(block)
        done += len(block)
        yield done
