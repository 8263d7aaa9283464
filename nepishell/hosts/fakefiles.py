"""The files of a host on which nothing runs, kept in memory, and whether it can be reached."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import RLock
from time import monotonic

from nepishell.core.errors import HostError, Unreachable
from nepishell.hosts.base import OnReach, Progress, Reach
from nepishell.hosts.files import walk

_Follow = tuple[Path, Callable[[bytes], None]]


class FakeFiles:
    """The part of nepishell.hosts.base.Host that is about files, and about being reached."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = RLock()
        self._follows: list[_Follow] = []
        self._on_reach: list[OnReach] = []
        self._reach = Reach(up=True, since=clock())
        self.files: dict[Path, bytes] = {}

    @property
    def home(self) -> Path:
        return Path("/home/fake")

    # -- being reached ----------------------------------------------------------------------------

    @property
    def reach(self) -> Reach:
        return self._reach

    def on_reach(self, callback: OnReach) -> Callable[[], None]:
        self._on_reach.append(callback)
        return lambda: self._on_reach.remove(callback)

    def lose(self, why: str = "the link is down") -> None:
        """Let the host be unreachable: whatever is asked raises Unreachable."""
        self._change(Reach(up=False, since=self._clock(), why=why))

    def find(self) -> None:
        """Let it be reachable again."""
        self._change(Reach(up=True, since=self._clock()))

    def _change(self, reach: Reach) -> None:
        self._reach = reach
        for callback in list(self._on_reach):
            callback(reach)

    def check_reach(self) -> None:
        """Raise Unreachable while it is lost."""
        if not self._reach.up:
            raise Unreachable(f"fake: {self._reach.why}")

    # -- files ------------------------------------------------------------------------------------

    def read(self, path: Path, offset: int = 0, size: int = -1) -> bytes:
        self.check_reach()
        try:
            data = self.files[path]
        except KeyError:
            raise HostError(f"cannot read {path}: No such file or directory") from None
        return data[offset:] if size < 0 else data[offset : offset + size]

    def size(self, path: Path) -> int:
        self.check_reach()
        return len(self.files.get(path, b""))

    def append(self, path: Path, data: bytes) -> None:
        """Let a program there write; whoever follows the file is told at once."""
        with self._lock:
            self.files[path] = self.files.get(path, b"") + data
            readers = [on_data for followed, on_data in self._follows if followed == path]
        for on_data in readers if data else ():
            on_data(data)

    def follow(
        self, path: Path, offset: int, on_data: Callable[[bytes], None]
    ) -> Callable[[], None]:
        self.check_reach()
        follow = path, on_data
        with self._lock:
            self._follows.append(follow)
            there = self.files.get(path, b"")[offset:]
        if there:
            on_data(there)

        def stop() -> None:
            with self._lock:
                if follow in self._follows:
                    self._follows.remove(follow)

        return stop

    def write(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        self.check_reach()
        self.files[path] = data

    def put(self, source: Path, target: Path, progress: Progress | None = None) -> None:
        self.check_reach()
        self.put_all({target: source}, progress)

    def put_all(self, files: Mapping[Path, Path], progress: Progress | None = None) -> None:
        self.check_reach()
        pairs = list(walk(files, self.mkdir))
        done, total = 0, sum(source.stat().st_size for source, _ in pairs)
        for source, target in pairs:
            self.files[target] = source.read_bytes()
            done += len(self.files[target])
            if progress is not None:
                progress(done, total)

    def get(
        self, source: Path, target: Path, *, offset: int = 0, progress: Progress | None = None
    ) -> None:
        data = self.read(source)
        kept = target.read_bytes()[:offset] if offset else b""
        target.write_bytes(kept + data[offset:])
        if progress is not None:
            progress(len(data), len(data))

    def checksums(self, paths: Sequence[Path]) -> dict[Path, str]:
        self.check_reach()
        return {
            path: hashlib.sha256(self.files[path]).hexdigest()
            for path in paths
            if path in self.files
        }

    def remove(self, path: Path) -> None:
        self.check_reach()
        for each in [each for each in self.files if each == path or path in each.parents]:
            del self.files[each]

    def mkdir(self, path: Path) -> None:
        """Directories need not be made here."""
