"""The files of a lab's host on another machine: those of that machine."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nepishell.hosts.base import Host, OnReach, Progress, Reach


class FarFiles:
    """The file part of nepishell.hosts.base.Host, and whether it can be reached."""

    def __init__(self, machine: Host) -> None:
        self._machine = machine

    @property
    def home(self) -> Path:
        return self._machine.home

    @property
    def reach(self) -> Reach:
        return self._machine.reach

    def on_reach(self, callback: OnReach) -> Callable[[], None]:
        return self._machine.on_reach(callback)

    def read(self, path: Path, offset: int = 0, size: int = -1) -> bytes:
        return self._machine.read(path, offset, size)

    def size(self, path: Path) -> int:
        return self._machine.size(path)

    def follow(
        self, path: Path, offset: int, on_data: Callable[[bytes], None]
    ) -> Callable[[], None]:
        return self._machine.follow(path, offset, on_data)

    def write(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        self._machine.write(path, data, mode)

    def put(self, source: Path, target: Path, progress: Progress | None = None) -> None:
        self._machine.put(source, target, progress)

    def put_all(self, files: Mapping[Path, Path], progress: Progress | None = None) -> None:
        self._machine.put_all(files, progress)

    def get(
        self, source: Path, target: Path, *, offset: int = 0, progress: Progress | None = None
    ) -> None:
        self._machine.get(source, target, offset=offset, progress=progress)

    def checksums(self, paths: Sequence[Path]) -> dict[Path, str]:
        return self._machine.checksums(paths)

    def remove(self, path: Path) -> None:
        self._machine.remove(path)

    def mkdir(self, path: Path) -> None:
        self._machine.mkdir(path)
