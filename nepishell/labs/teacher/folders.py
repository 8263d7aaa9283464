"""Journals that grow, in folders of runs that come: the kernel tells, nobody looks again and again.

One inotify instance watches the folder of runs, each experiment in it, and each run.
"""

import ctypes
import os
import select
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from nepishell.core.errors import NepishellError
from nepishell.journal.keeping import FILE

_MODIFY, _MOVED_TO, _CREATE = 0x2, 0x80, 0x100
_OVERFLOW = 0x4000
_EVENT = struct.Struct("iIII")
_CHUNK = 1 << 16
#: Longer lines of a journal are nobody's.
_MOST_LINE = 16 << 20
_libc = ctypes.CDLL(None, use_errno=True)


class Journals:
    """The journals below *folders* (`<experiment>/<run>/journal.jsonl`), as they grow."""

    def __init__(self, folders: list[Path]) -> None:
        for folder in folders:
            if not folder.is_dir():
                raise NepishellError(f"{folder} is no folder of runs: it is not there")
        self._offsets: dict[Path, int] = {}
        self._rest: dict[Path, bytes] = {}
        self._watched: dict[int, tuple[Path, int]] = {}
        self._dirty: dict[Path, None] = {}
        self._inotify = _checked(_libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
        for folder in folders:
            self._enter(folder, 0)

    def close(self) -> None:
        """Watch no more. Idempotent."""
        if self._inotify >= 0:
            os.close(self._inotify)
            self._inotify = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def lines(self) -> Iterator[tuple[Path, bytes]]:
        """(journal, line) of all whole lines that were not given yet."""
        dirty, self._dirty = self._dirty, {}
        for path in dirty:
            yield from ((path, line) for line in self._read(path))

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until something was written; False when *timeout_s* ran out before."""
        ready, _, _ = select.select([self._inotify], [], [], timeout_s)
        if ready:
            self._hear(os.read(self._inotify, _CHUNK))
        return bool(ready)

    def _enter(self, folder: Path, depth: int) -> None:
        """Watch a folder of runs (0), an experiment (1) or a run (2), and what is in it."""
        mask = _CREATE | _MOVED_TO | (_MODIFY if depth == 2 else 0)
        watch = _libc.inotify_add_watch(self._inotify, os.fsencode(folder), mask)
        if watch < 0:
            # it is gone again, or not ours to read
            return
        self._watched[watch] = (folder, depth)
        # after it is watched: what comes between is seen twice rather than never
        if depth == 2:
            self._dirty[folder / FILE] = None
            return
        try:
            inside = [each for each in folder.iterdir() if each.is_dir()]
        except OSError:
            return
        for each in inside:
            self._enter(each, depth + 1)

    def _hear(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            watch, mask, _, length = _EVENT.unpack_from(data, at)
            at += _EVENT.size + length
            name = os.fsdecode(data[at - length : at].rstrip(b"\0"))
            if mask & _OVERFLOW:
                for folder, depth in list(self._watched.values()):
                    self._enter(folder, depth)
            elif watch in self._watched:
                folder, depth = self._watched[watch]
                if depth < 2 and (folder / name).is_dir():
                    self._enter(folder / name, depth + 1)
                elif depth == 2 and name == FILE:
                    self._dirty[folder / name] = None

    def _read(self, path: Path) -> Iterator[bytes]:
        try:
            with path.open("rb") as file:
                file.seek(self._offsets.get(path, 0))
                while data := file.read(_CHUNK):
                    self._offsets[path] = file.tell()
                    *whole, rest = (self._rest.get(path, b"") + data).split(b"\n")
                    self._rest[path] = rest if len(rest) <= _MOST_LINE else b""
                    yield from whole
        except OSError:
            return


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise NepishellError(f"folders cannot be watched: {os.strerror(code).lower()}")
    return result
