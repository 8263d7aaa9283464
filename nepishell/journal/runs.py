"""The runs on this machine: where they are kept, and what became of each."""

import fcntl
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
    return Run(path=path, head=head, fate=_fate(path / FILE))


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


def _fate(journal: Path) -> Fate:
    if _is_being_written(journal):
        return Fate.RUNNING
    return Fate.ENDED if _has_ended(journal) else Fate.ORPHANED


def _is_being_written(journal: Path) -> bool:
    """Whether a controller has it open: its lock goes with the process, however that ends."""
    with journal.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _has_ended(journal: Path) -> bool:
    """Whether its last whole line says so; the whole of a long journal need not be read."""
    with journal.open("rb") as file:
        file.seek(max(0, journal.stat().st_size - 65536))
        lines = file.read().splitlines(keepends=True)
    whole = [line for line in lines if line.endswith(b"\n")]
    return bool(whole) and b',"k":"end",' in whole[-1][:64]
