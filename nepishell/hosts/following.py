"""Files of this machine that grow: whoever follows one is handed what is appended.

One inotify instance (an ordinary user has few) and one thread for all files, both of them only
while somebody follows. The folder is watched, so that a file may appear or be replaced later.
"""

import ctypes
import os
import select
import struct
import threading
from collections.abc import Callable
from pathlib import Path

from nepishell.core.errors import HostError

OnData = Callable[[bytes], None]

_CHUNK = 1 << 18
_EVENT = struct.Struct("iIII")
_MODIFY, _MOVED_TO, _CREATE, _OVERFLOW = 0x2, 0x80, 0x100, 0x4000
_libc = ctypes.CDLL(None, use_errno=True)


class _Follow:
    """One reader of one file."""

    def __init__(self, path: Path, offset: int, on_data: OnData) -> None:
        self.path = path
        self.watch = -1
        self.is_stopped = False
        self._offset = offset
        self._size = 0
        self._on_data = on_data

    def look(self) -> None:
        """Hand over what is there by now."""
        try:
            file = self.path.open("rb")
        except OSError:
            # not there yet, or no longer
            return
        with file:
            size = file.seek(0, os.SEEK_END)
            if size < self._size:
                # it was truncated or replaced; one that is just growing up to the offset was not
                self._offset = 0
            self._size = size
            file.seek(self._offset)
            while not self.is_stopped and (data := file.read(_CHUNK)):
                self._offset += len(data)
                self._size = max(self._size, self._offset)
                self._on_data(data)


class _Loop:
    """The thread, and what it watches."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: list[_Follow] = []
        self._new: list[_Follow] = []
        self._inotify = _checked(_libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._is_over, self._is_open = False, True
        self._thread = threading.Thread(target=self._run, name="following", daemon=True)
        self._thread.start()

    def add(self, follow: _Follow) -> None:
        """Raises OSError where its folder is not."""
        folder = os.fsencode(follow.path.parent)
        with self._lock:
            follow.watch = _checked(
                _libc.inotify_add_watch(self._inotify, folder, _MODIFY | _MOVED_TO | _CREATE)
            )
            self._all.append(follow)
            self._new.append(follow)
        os.eventfd_write(self._bell, 1)

    def remove(self, follow: _Follow) -> None:
        """Stop one."""
        with self._lock:
            if follow not in self._all:
                return
            follow.is_stopped = True
            self._all.remove(follow)
            if all(other.watch != follow.watch for other in self._all):
                _libc.inotify_rm_watch(self._inotify, follow.watch)

    @property
    def is_idle(self) -> bool:
        """Nobody follows anything."""
        return not self._all

    def end(self) -> None:
        """End the thread; it closes what is open."""
        with self._lock:
            self._is_over = True
            # to stop watching a folder is an event, too: the thread may have seen that it is over
            if self._is_open:
                os.eventfd_write(self._bell, 1)
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._inotify, select.POLLIN)
        poll.register(self._bell, select.POLLIN)
        try:
            while not self._is_over:
                for fd, _ in poll.poll():
                    for follow in self._beginners() if fd == self._bell else self._touched():
                        follow.look()
        finally:
            with self._lock:
                self._is_open = False
                os.close(self._inotify)
                os.close(self._bell)

    def _beginners(self) -> list[_Follow]:
        os.eventfd_read(self._bell)
        with self._lock:
            new, self._new = self._new, []
        return new

    def _touched(self) -> list[_Follow]:
        data = os.read(self._inotify, _CHUNK)
        touched: set[tuple[int, bytes]] = set()
        at = 0
        while at < len(data):
            watch, mask, _, length = _EVENT.unpack_from(data, at)
            at += _EVENT.size + length
            name = data[at - length : at].rstrip(b"\0")
            if mask & _OVERFLOW:
                return list(self._all)
            touched.add((watch, name))
        with self._lock:
            return [
                each for each in self._all if (each.watch, os.fsencode(each.path.name)) in touched
            ]


class Follower:
    """All files that this program follows. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: _Loop | None = None

    def follow(self, path: Path, offset: int, on_data: OnData) -> Callable[[], None]:
        """See nepishell.hosts.base.Host.follow()."""
        follow = _Follow(path.resolve(), offset, on_data)
        with self._lock:
            try:
                if self._loop is None:
                    self._loop = _Loop()
                self._loop.add(follow)
            except OSError as exc:
                self._end_idle()
                raise HostError(f"cannot follow {path}: {exc.strerror}") from exc
        return lambda: self._stop(follow)

    def _stop(self, follow: _Follow) -> None:
        with self._lock:
            if self._loop is not None:
                self._loop.remove(follow)
                self._end_idle()

    def _end_idle(self) -> None:
        if self._loop is not None and self._loop.is_idle:
            loop, self._loop = self._loop, None
            loop.end()


#: Of this program.
FOLLOWER = Follower()


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
