"""Which hosts are black-listed, until when and why, and which are reserved, and by whom.

One small file for all runs of a user, changed under a lock and replaced in one step. A reservation
holds as long as the process that made it: those of dead runs are nobody's.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any, TypeVar

from nepishell.core.errors import NepishellError
from nepishell.engine.controller import default_local_dir
from nepishell.journal.machine import Holder, boot_id, start_time
from nepishell.resources.pool.hosts import PoolHost

FILE = "pool.json"
_LOCK = "pool.lock"
_DAMAGED = ".damaged"
#: A file that is larger was not written by us.
_MOST_BYTES = 64_000_000
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Avoided:
    """A host on the black-list. *since*, *until*: seconds since 1970; until None: for ever."""

    name: str
    why: str
    since: float
    until: float | None


@dataclass(frozen=True, slots=True)
class Reserved:
    """A host that a run has."""

    name: str
    run: str  # experiment/run
    pid: int
    start: int
    boot: str
    since: float


class Book:
    """What the ledger says now, by PoolHost.key; changes are written when the ledger is closed."""

    def __init__(self, avoided: dict[str, Avoided], reserved: dict[str, Reserved]) -> None:
        self.avoided = avoided
        self.reserved = reserved
        #: what was wrong with the file, or ''
        self.problem = ""

    def whether_avoided(self, host: PoolHost) -> Avoided | None:
        """Its entry: under its key, or under its bare name where a person knew no more."""
        return self.avoided.get(host.key) or self.avoided.get(host.name.lower())

    def avoid(self, key: str, name: str, why: str, for_s: float | None) -> None:
        """Black-list a host for that long; None: until it is forgiven. *key*: or a bare name."""
        now = time.time()
        until = None if for_s is None else now + for_s
        self.avoided[key] = Avoided(name, why, now, until)

    def reserve(self, hosts: Iterable[tuple[str, str]], run: str, holder: Holder) -> None:
        """Reserve hosts, (key, name) each."""
        now = time.time()
        for key, name in hosts:
            self.reserved[key] = Reserved(
                name, run, holder.pid, holder.start_time, holder.boot, now
            )

    def free(self, run: str, keys: Iterable[str] | None = None) -> None:
        """Give back what *run* has of *keys* (None: all)."""
        wanted = set(self.reserved if keys is None else keys)
        for key in wanted & set(self.reserved):
            if self.reserved[key].run == run:
                del self.reserved[key]


class Ledger:
    """The file in *folder* (default: where runs are kept). Safe from any thread and process."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or default_local_dir()

    @property
    def path(self) -> Path:
        """The file; it may not be there."""
        return self._folder / FILE

    @contextmanager
    def open(self) -> Iterator[Book]:
        """Read it, and write what was changed inside; others wait meanwhile. Raises NepishellError.

        A file that is damaged is put aside, and the book begins anew.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                book = self._read()
                before = _encode(book)
                yield book
                after = _encode(book)
                if after != before:
                    self._write(after)
            finally:
                os.close(lock)
        except OSError as problem:
            if isinstance(problem, NepishellError):
                raise
            raise NepishellError(
                f"cannot keep the list of pool hosts in {self.path}: {problem.strerror}"
            ) from problem

    def look(self) -> Book:
        """What it says now, without changing it. Raises NepishellError."""
        if not self.path.exists():
            return Book({}, {})
        with self.open() as book:
            return book

    def _read(self) -> Book:
        try:
            with self.path.open("rb") as file:
                data = json.loads(file.read(_MOST_BYTES))
            avoided = _entries(Avoided, data["avoided"])
            reserved = _entries(Reserved, data["reserved"])
        except FileNotFoundError:
            return Book({}, {})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            aside = self.path.with_name(FILE + _DAMAGED)
            self.path.replace(aside)
            book = Book({}, {})
            book.problem = f"{self.path} was damaged: it is {aside.name} now, and began anew"
            return book
        now = time.time()
        lives: dict[tuple[int, int, str], bool] = {}
        return Book(
            {key: e for key, e in avoided.items() if e.until is None or e.until > now},
            {key: e for key, e in reserved.items() if _lives(e, lives)},
        )

    def _write(self, text: str) -> None:
        number, name = mkstemp(prefix=".pool-", dir=self._folder)
        made = Path(name)
        try:
            with os.fdopen(number, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            made.replace(self.path)
        except BaseException:
            made.unlink(missing_ok=True)
            raise


def _encode(book: Book) -> str:
    return json.dumps(
        {
            "avoided": {key: asdict(each) for key, each in book.avoided.items()},
            "reserved": {key: asdict(each) for key, each in book.reserved.items()},
        },
        indent=1,
    )


def _entries(kind: type[E], data: dict[str, dict[str, Any]]) -> dict[str, E]:
    """Those that are whole; raises TypeError and its like when *data* is something else."""
    found = {}
    for key, fields in data.items():
        entry = kind(**fields)
        if all(_is_plain(name, value) for name, value in fields.items()):
            found[key] = entry
    return found


def _is_plain(name: str, value: object) -> bool:
    """Whether a field has the type that it should have."""
    if value is None:
        return name == "until"
    if name in ("since", "until", "pid", "start"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _lives(entry: Reserved, known: dict[tuple[int, int, str], bool]) -> bool:
    who = (entry.pid, entry.start, entry.boot)
    if who not in known:
        known[who] = entry.boot == boot_id() and start_time(entry.pid) == entry.start > 0
    return known[who]
