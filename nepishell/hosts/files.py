"""Files of a host whose file system is ours."""

import shutil
from pathlib import Path

from nepishell.core.errors import HostError


def _refused(what: str, path: Path, exc: OSError) -> HostError:
    return HostError(f"cannot {what} {path}: {exc.strerror or exc}")


class LocalFiles:
    """The file part of nepishell.hosts.base.Host."""

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

    def put(self, source: Path, target: Path) -> None:
        _copy(source, target)

    def get(self, source: Path, target: Path) -> None:
        _copy(source, target)

    def mkdir(self, path: Path) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise _refused("make the directory", path, exc) from exc


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copy(source, target)
    except shutil.SameFileError:
        return
    except OSError as exc:
        culprit = Path(exc.filename) if exc.filename else target
        raise _refused(f"copy {source} to {target}:", culprit, exc) from exc
