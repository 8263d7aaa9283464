"""The runs on this machine: where they are kept, and what became of each."""

import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from nepishell.core.errors import NepishellError, UnknownName, did_you_mean
from nepishell.core.events import Event
from nepishell.journal.chain import Record
from nepishell.journal.keeping import FILE
from nepishell.journal.packing import unpack
from nepishell.journal.reading import JournalError, first, read

#: Bytes at the end of a journal in which its last line is looked for.
_TAIL = 65536


class Fate(StrEnum):
    """What became of a run. ORPHANED: its controller is gone, and it never ended."""

    RUNNING = "running"
    ENDED = "ended"
    ORPHANED = "orphaned"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run on disk. *head*: the first record of its journal; *size*: bytes of all its files."""

    path: Path
    head: dict[str, Any]
    fate: Fate
    problem: str = ""
    #: why it may not have been what was asked, as its last record says
    doubts: tuple[str, ...] = ()

    @property
    def exp_id(self) -> str:
        """The experiment's name."""
        return self.path.parent.name

    @property
    def run_id(self) -> str:
        """When it began, twenty digits."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        found = (path.lstat() for path in self.path.rglob("*"))
        return sum(stat.st_size for stat in found)

    @property
    def journal(self) -> Path:
        """Its journal's file."""
        return self.path / FILE

    def records(self) -> Iterator[Record]:
        """All records; raises JournalError at one that was altered."""
        return read(self.journal)

    def events(self) -> Iterator[Event]:
        """All events in order; raises JournalError."""
        for record in self.records():
            if record.kind == "events":
                try:
                    yield from unpack(record.data.get("e") or ())
                except ValueError as problem:
                    raise JournalError(f"{self.journal}:{record.number}: {problem}") from None


def runs(local_dir: Path) -> list[Run]:
    """The runs kept in *local_dir* that have a journal, oldest first."""
    found = [look(path.parent) for path in local_dir.glob(f"*/*/{FILE}")]
    return sorted(found, key=lambda run: run.run_id)


def look(path: Path) -> Run:
    """The run in directory *path*; one that cannot be read is BROKEN, with its problem."""
    try:
        head = dict(first(path / FILE).data)
    except NepishellError as problem:
        return Run(path=path, head={}, fate=Fate.BROKEN, problem=str(problem))
    return _judged(path, head)


def find(local_dir: Path, name: str) -> Run:
    """A run by its id, the beginning of it, or its experiment (the last run of it).

    Raises UnknownName, saying which there are.
    """
    known = runs(local_dir)
    of_exp = [run for run in known if run.exp_id == name]
    if of_exp:
        return of_exp[-1]
    named = [run for run in known if run.run_id.startswith(name)]
    if len(named) == 1:
        return named[0]
    if named:
        raise UnknownName(f"'{name}' is the beginning of {len(named)} runs; write more of it")
    names = [run.run_id for run in known] + [run.exp_id for run in known]
    raise UnknownName(f"no run '{name}'{did_you_mean(name, names)}; see 'nepishell runs'")


def _judged(path: Path, head: dict[str, Any]) -> Run:
    if _is_being_written(path / FILE):
        return Run(path=path, head=head, fate=Fate.RUNNING)
    last = _last_record(path / FILE)
    if last.get("k") != "end":
        return Run(path=path, head=head, fate=Fate.ORPHANED)
    doubts = last.get("doubts")
    told = tuple(map(str, doubts)) if isinstance(doubts, list) else ()
    return Run(path=path, head=head, fate=Fate.ENDED, doubts=told)


def _is_being_written(journal: Path) -> bool:
    """Whether a controller has it open: its lock goes with the process, however that ends."""
    with journal.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _last_record(journal: Path) -> dict[str, Any]:
    """Its last whole line, {} for none; the whole of a long journal need not be read."""
    with journal.open("rb") as file:
        file.seek(max(0, journal.stat().st_size - _TAIL))
        lines = file.read().splitlines(keepends=True)
    whole = [line for line in lines if line.endswith(b"\n")]
    try:
        found = json.loads(whole[-1]) if whole else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
