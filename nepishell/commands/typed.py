"""The lines that people typed, in one SQLite file that sessions side by side share.

A file that is damaged is put aside under another name, one that cannot be written costs the memory
of other sessions; either is told in one line, and the lines of this session are always there.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import NamedTuple

NAME = "history.db"
#: Lines kept in the file, and those of other sessions that Up and Ctrl-R reach.
KEPT, REACHED = 10_000, 2_000
#: Seconds to wait for another session that writes.
PATIENCE_S = 0.5
OK, ERROR, INTERRUPTED = "ok", "error", "interrupted"

_TABLE = """
CREATE TABLE IF NOT EXISTS typed (
    id INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL, at REAL NOT NULL,
    session TEXT NOT NULL, experiment TEXT NOT NULL, result TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS typed_by_line ON typed (line, id, result);
"""


class Typed(NamedTuple):
    """One line. *at*: seconds since 1970; *result*: ok, error, interrupted, '' while it runs."""

    line: str
    at: float
    experiment: str
    result: str


@dataclass(slots=True)
class _Own:
    line: str
    at: float
    row: int | None = None
    result: str = ""


class TypedLines:
    """Lines of this session and of others. *tell*: shows one line to the person; safe in threads.

    *folder*: where the file is, made if missing.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None], experiment: str = "") -> None:
        self.path = folder / NAME
        self._tell = tell
        self._experiment = experiment
        self._session = f"{os.getpid()}-{time.time_ns()}"
        self._lock = RLock()
        self._own: list[_Own] = []
        self._others: list[str] = []
        self._version = -1
        self._file: sqlite3.Connection | None = None
        with self._careful():
            self._file = self._open()

    def close(self) -> None:
        """Close the file; what was typed stays in memory. Idempotent."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    @property
    def is_first(self) -> bool:
        """Whether nobody has typed a line here before, as far as can be known."""
        with self._lock, self._careful() as file:
            if file is not None:
                return file.execute("SELECT 1 FROM typed LIMIT 1").fetchone() is None
        return False

    def add(self, line: str, *, keep: bool = True) -> None:
        """*line* was typed; without *keep* it is never in the file."""
        own = _Own(line, time.time())
        with self._lock:
            self._own.append(own)
            with self._careful() as file:
                if keep and file is not None:
                    own.row = file.execute(
                        "INSERT INTO typed (line, at, session, experiment) VALUES (?, ?, ?, ?)",
                        (line, own.at, self._session, self._experiment),
                    ).lastrowid

    def ended(self, result: str) -> None:
        """The line typed last has ended."""
        with self._lock:
            if not self._own or self._own[-1].result:
                return
            own = self._own[-1]
            own.result = result
            with self._careful() as file:
                if file is not None and own.row is not None:
                    file.execute("UPDATE typed SET result = ? WHERE id = ?", (result, own.row))

    def recent(self) -> list[str]:
        """Newest first: this session's lines, then those of others, also of sessions that run."""
        with self._lock:
            self._look_at_others()
            own = [each.line for each in reversed(self._own)]
            return list(dict.fromkeys([*own, *self._others]))

    def suggest(self, beginning: str) -> str:
        """The newest line that begins so and went well, of this session if there is one; or ''."""
        if not beginning.strip() or "\n" in beginning:
            return ""
        with self._lock:
            for own in reversed(self._own):
                if own.result != ERROR and own.line.startswith(beginning) and own.line != beginning:
                    return own.line
            with self._careful() as file:
                if file is not None:
                    # one look along the index; a bare column beside max() is of that row
                    found = file.execute(
                        "SELECT line, max(id) FROM typed WHERE line > ? AND line < ? "
                        "AND result != 'error'",
                        (beginning, f"{beginning}\U0010ffff"),
                    ).fetchone()
                    return found[0] or ""
        return ""

    def search(self, part: str = "") -> list[Typed]:
        """Lines of all sessions that have *part* in them, oldest first."""
        with self._lock:
            with self._careful() as file:
                if file is not None:
                    rows = file.execute(
                        "SELECT line, at, experiment, result FROM typed "
                        "WHERE instr(line, ?) > 0 ORDER BY id",
                        (part,),
                    )
                    return [Typed(*row) for row in rows]
            return [
                Typed(own.line, own.at, self._experiment, own.result)
                for own in self._own
                if part in own.line
            ]

    def _look_at_others(self) -> None:
        with self._careful() as file:
            if file is None:
                return
            # changes when another session has written, and not for what we write
            version = file.execute("PRAGMA data_version").fetchone()[0]
            if version != self._version:
                rows = file.execute(
                    "SELECT line FROM typed WHERE session != ? ORDER BY id DESC LIMIT ?",
                    (self._session, REACHED),
                )
                self._others, self._version = [row[0] for row in rows], version

    # -- the file --------------------------------------------------------------------------

    @contextmanager
    def _careful(self) -> Iterator[sqlite3.Connection | None]:
        """The file, or None; what goes wrong with it is told, and mended or the end of its use."""
        try:
            yield self._file
        except (sqlite3.OperationalError, OSError) as problem:
            if "locked" in str(problem):
                return  # another session is slow: this line stays in memory, the next will do
            self.close()
            self._tell(f"{self.path}: {problem}; lines are remembered for this session only")
        except sqlite3.DatabaseError as problem:
            self.close()
            self._put_aside(problem)

    def _put_aside(self, problem: sqlite3.DatabaseError) -> None:
        aside = self.path.with_name(f"{NAME}.broken-{time.strftime('%Y%m%d-%H%M%S')}")
        try:
            self.path.replace(aside)
            for tail in ("-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{tail}").replace(f"{aside}{tail}")
            self._file = self._open()
            self._version = -1
        except (sqlite3.Error, OSError) as again:
            self._tell(f"{self.path}: {again}; lines are remembered for this session only")
            return
        self._tell(
            f"{self.path} was damaged ({problem}): it is {aside.name} now, a new one is made"
        )

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # what people type is for their own eyes; SQLite gives its other files the same mode
        self.path.touch(mode=0o600)
        file = sqlite3.connect(
            self.path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(file)
        except BaseException:
            file.close()
            raise
        return file


def _prepare(file: sqlite3.Connection) -> None:
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    if file.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("its check fails")
    file.executescript(_TABLE)
    file.execute("DELETE FROM typed WHERE id <= (SELECT max(id) FROM typed) - ?", (KEPT,))
