"""The one writer of a journal: a thread that writes what came together, and syncs it once.

append() costs a queue's put and promises nothing; commit() returns when all that was appended
before is on disk. A write that fails leaves the file as it was before; what could not be written is
kept and tried again with the next commit.
"""

import fcntl
import os
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from nepishell.journal.chain import START, encode
from nepishell.journal.reading import JournalError, verify

#: Bytes written in one go.
_BATCH = 1 << 20
#: Records that wait for a disk that is full; more are dropped, and counted.
_KEPT = 100_000

Entry = tuple[str, float, Mapping[str, Any]]


class Writer:
    """Appends to *path*, made readable for its owner alone. A journal has one writer at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create; the torn last line of a crash is cut off. Raises JournalError."""
        self.path = path
        self._number, self._digest, self._end = 0, START, 0
        self._fd = self._open()
        self._waiting: deque[Entry] = deque()
        self._wake: SimpleQueue[Event | None] = SimpleQueue()
        #: whether the thread has to be woken; it looks once more after it has said so
        self._asleep = True
        self._lock = Lock()
        self._closed = False
        self.dropped = 0
        self.problem = ""
        self._thread = Thread(target=self._serve, name="nepishell-journal", daemon=True)
        self._thread.start()

    def append(self, kind: str, at: float, data: Mapping[str, Any]) -> None:
        """Write a record with the next batch; *data* must not change any more."""
        self._waiting.append((kind, at, data))
        if self._asleep:
            self._asleep = False
            self._wake.put(None)

    def commit(self) -> None:
        """Block until what was appended is on disk; raises JournalError when it cannot be."""
        done = Event()
        with self._lock:
            if self._closed:
                return
            self._wake.put(done)
        done.wait()
        if self.problem:
            raise JournalError(self.problem)

    def close(self) -> None:
        """Write what waits, and let go of the file. Idempotent."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            stop = Event()
            self._wake.put(stop)
        self._thread.join()
        os.close(self._fd)

    # -- the thread ---------------------------------------------------------------------------

    def _serve(self) -> None:
        is_over = False
        while True:
            waiter = self._wake.get()
            self._asleep = False
            self._write_all()
            self._asleep = True
            self._write_all()
            if waiter is not None:
                self._sync()
                waiter.set()
                is_over = self._closed
            # what was appended meanwhile may have woken us once more
            if is_over and self._wake.empty():
                return

    def _write_all(self) -> None:
        while self._waiting:
            if not self._write_batch():
                self._drop_excess()
                return

    def _write_batch(self) -> bool:
        """Write as many records as fit a batch; False when the disk refused."""
        chunks: list[bytes] = []
        number, digest, size = self._number, self._digest, 0
        taken: list[Entry] = []
        while self._waiting and size < _BATCH:
            entry = self._waiting.popleft()
            taken.append(entry)
            number += 1
            line, digest = encode(number, *entry, digest)
            chunks.append(line)
            size += len(line)
        try:
            self._put(b"".join(chunks))
        except OSError as problem:
            self._tell(problem)
            os.ftruncate(self._fd, self._end)
            self._waiting.extendleft(reversed(taken))
            return False
        self._number, self._digest, self._end = number, digest, self._end + size
        self.problem = ""
        return True

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]

    def _sync(self) -> None:
        try:
            os.fdatasync(self._fd)
        except OSError as problem:
            self._tell(problem)

    def _tell(self, problem: OSError) -> None:
        reason = (problem.strerror or str(problem)).lower()
        self.problem = f"the journal {self.path} cannot be written: {reason}; make room, then go on"

    def _drop_excess(self) -> None:
        while len(self._waiting) > _KEPT:
            self._waiting.pop()
            self.dropped += 1

    # -- opening ------------------------------------------------------------------------------

    def _open(self) -> int:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # it may have been made by another, for a log or a trace
            self.path.parent.chmod(0o700)
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            reason = (problem.strerror or str(problem)).lower()
            raise JournalError(f"the journal {self.path} cannot be opened: {reason}") from None
        try:
            self._take(fd)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def _take(self, fd: int) -> None:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise JournalError(f"{self.path} is being written by another controller") from None
        if os.fstat(fd).st_size:
            found = verify(self.path)
            if found.fault:
                raise JournalError(f"{self.path}:{found.records + 1}: {found.fault}")
            if found.torn:
                os.ftruncate(fd, found.end)
            self._number, self._digest, self._end = found.records, found.digest, found.end
