"""Reading a journal: all of it, up to its first fault, without trusting any of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nepishell.core.errors import NepishellError
from nepishell.journal.chain import START, VERSION, BrokenChain, Record, decode

#: Longer lines are nobody's: a batch of events is cut far below.
MAX_LINE = 16 << 20


class JournalError(NepishellError):
    """A journal that cannot be read, or not be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a look through a journal found.

    *records*: how many are in order. *end*: bytes up to there; *digest*: of the last of them.
    *torn*: bytes after them that are the beginning of a line (what a crash leaves). *fault*: what
    is wrong with the first line that is not in order, ''.
    """

    records: int
    end: int
    digest: bytes
    torn: int = 0
    fault: str = ""

    @property
    def intact(self) -> bool:
        """Whether all lines are as they were written; a torn last line is no alteration."""
        return not self.fault


def read(path: Path) -> Iterator[Record]:
    """The records in order; ends before a torn last line. Raises JournalError at an altered one."""
    walk = _Walk(path)
    yield from walk
    if walk.fault:
        raise JournalError(f"{path}:{walk.records + 1}: {walk.fault}")


def verify(path: Path) -> Verdict:
    """Look through a journal; raises JournalError only when it cannot be opened."""
    walk = _Walk(path)
    for _ in walk:
        pass
    return Verdict(
        records=walk.records, end=walk.end, digest=walk.digest, torn=walk.torn, fault=walk.fault
    )


def first(path: Path) -> Record:
    """The record that says whose journal it is; raises JournalError."""
    for record in read(path):
        return record
    raise JournalError(f"{path}: no record is whole")


class _Walk:
    """Goes through a file line by line; memory stays flat."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.records = self.end = self.torn = 0
        self.digest = START
        self.fault = ""

    def __iter__(self) -> Iterator[Record]:
        try:
            with self._path.open("rb") as file:
                while line := file.readline(MAX_LINE):
                    if not line.endswith(b"\n") and len(line) < MAX_LINE:
                        self.torn = len(line)
                        return
                    record = self._next(line)
                    if record is None:
                        return
                    yield record
        except OSError as problem:
            reason = (problem.strerror or str(problem)).lower()
            raise JournalError(f"{self._path}: cannot be read: {reason}") from None

    def _next(self, line: bytes) -> Record | None:
        try:
            record, digest = decode(line, self.records + 1, self.digest)
            if not self.records:
                _check_head(record)
        except BrokenChain as problem:
            self.fault = str(problem)
            return None
        self.records, self.end, self.digest = self.records + 1, self.end + len(line), digest
        return record


def _check_head(record: Record) -> None:
    version = record.data.get("version")
    if record.kind != "journal" or not isinstance(version, int):
        raise BrokenChain("the first record does not say whose journal it is")
    if version > VERSION:
        raise BrokenChain(f"it is of format {version}; this program reads up to {VERSION}")
