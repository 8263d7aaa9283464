"""What an application recorded: its process's files, and the numbers that a parser finds there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol

from nepishell.core.errors import HostError, UnknownName, Unreachable, WrongState, did_you_mean
from nepishell.core.traces import TraceAttr
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.base import EXIT_STATUS, STDERR, STDOUT, Host, Progress
from nepishell.hosts.files import LocalFiles
from nepishell.resources.parsers.report import Report

#: Traces that are files which the process itself writes.
FILES = frozenset({STDOUT, STDERR, EXIT_STATUS})
#: Bytes of an output that are searched for numbers: one that is longer is not read whole.
_PARSED = 64 << 20
#: Bytes at the end of a file in which its last line is looked for.
_TAIL = 4096


class Reader(Protocol):
    """Where recorded files are."""

    def read(self, path: Path, offset: int = 0, size: int = -1) -> bytes: ...

    def size(self, path: Path) -> int: ...


class Recording(ResourceManager):
    """The part of an application that keeps what it recorded, also when its node is gone."""

    #: traces that are not text: they are given as bytes
    binary: ClassVar[frozenset[str]] = frozenset()
    #: where the file of a trace is, seen from where it runs, if not by the trace's name
    places: ClassVar[Mapping[str, str]] = {}

    _host: Host | None = None
    _files: Reader | None = None
    _run_dir: Path | None = None
    _tables_in: Path | None = None
    _report: Report | None = None

    def parse(self, stdout: str, stderr: str) -> Report:
        """The numbers in what it printed so far; types of tools override this."""
        return Report()

    # -- recording ------------------------------------------------------------------------------

    def begin_recording(self, host: Host, run_dir: Path) -> None:
        """The files of a new process on *host* go into *run_dir*."""
        # a label that is given later must not move what was recorded
        self._host, self._run_dir = host, run_dir
        self._files = host
        self._tables_in = self.ec.trace_dir(self.guid)
        self._report = None
        if not self.is_kept_here:
            # what was fetched of the process before is not the beginning of what comes now
            for name in self._traces:
                (self._tables_in / self.place(name)).unlink(missing_ok=True)

    def recollect(self) -> None:
        """What it recorded is among the files of the run."""
        self._files = LocalFiles()
        self._run_dir = self._tables_in = self.ec.trace_dir(self.guid)

    @property
    def has_recorded(self) -> bool:
        """Whether something may have been recorded."""
        return self._run_dir is not None

    @property
    def is_kept_here(self) -> bool:
        """Whether its files are in the run's directory by themselves."""
        return self._run_dir == self._tables_in

    @classmethod
    def place(cls, name: str) -> str:
        """Where the file of trace *name* is below its run directory."""
        return cls.places.get(name, name)

    def recorded_in(self) -> Path:
        """The directory of its files on the host; raises WrongState before it ran."""
        if self._run_dir is None:
            raise WrongState(f"{self.name} is {self.state.name}: it has recorded nothing yet")
        return self._run_dir

    def recording_host(self) -> Host:
        """The host that its files are on; raises WrongState before it ran."""
        if self._host is None:
            raise WrongState(f"{self.name} is {self.state.name}: it has recorded nothing yet")
        return self._host

    def finish_recording(self) -> None:
        """The process has ended: keep its numbers, and write the enabled tables as files."""
        try:
            self._report = self.report()
        except Unreachable:
            # it ended as the last that was heard: they are read once somebody asks, or at the end
            return
        for name, table in self._report.tables.items():
            if name in self._traces and self.trace_enabled(name):
                path = self._table_path(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(table.csv())

    def _table_path(self, name: str) -> Path:
        return (self._tables_in or self.ec.trace_dir(self.guid)) / f"{name}.csv"

    def read_text(self, name: str) -> str:
        """One of its files as text; '' when there is none. Raises Unreachable."""
        if self._files is None or self._run_dir is None:
            return ""
        try:
            return self._files.read(self._run_dir / name, 0, _PARSED).decode(errors="replace")
        except Unreachable:
            raise
        except HostError:
            return ""

    def last_line(self, place: str) -> str:
        """The last line with something in it of one of its files; ''."""
        if self._files is None or self._run_dir is None:
            return ""
        path = self._run_dir / place
        try:
            start = max(0, self._files.size(path) - _TAIL)
            lines = self._files.read(path, start).decode(errors="replace").split("\n")
        except HostError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    # -- bringing home ----------------------------------------------------------------------------

    def bring_home(self, name: str, progress: Progress | None = None) -> Path | None:
        """Have the file of trace *name* in the run's directory; None when there is none.

        Goes on where it was cut off; what grew since then is added. Raises HostError.
        """
        if self._files is None or self._run_dir is None or self._tables_in is None:
            return None
        if name not in FILES and name in self.report().tables:
            return self._written_table(name)
        target = self._tables_in / self.place(name)
        if self._files is self._host and not self.is_kept_here:
            assert self._host is not None
            source = self._run_dir / self.place(name)
            have = target.stat().st_size if target.exists() else 0
            there = self._host.size(source)
            if there > have:
                target.parent.mkdir(parents=True, exist_ok=True)
                self._host.get(source, target, offset=have, progress=progress)
            elif not target.exists() and name == STDOUT:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch()
        return target if target.exists() else None

    def bring_all_home(self) -> None:
        """Have the files of all enabled traces here, and read them here from now on."""
        if self.is_kept_here or self._files is not self._host or self._run_dir is None:
            return
        for name in self._traces:
            if self.trace_enabled(name):
                self.bring_home(name)
        self._files, self._run_dir = LocalFiles(), self._tables_in
        if self._report is None:
            self.finish_recording()

    def _written_table(self, name: str) -> Path:
        path = self._table_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.report().tables[name].csv())
        return path

    # -- numbers --------------------------------------------------------------------------------

    def report(self) -> Report:
        """What the parser finds by now. Raises Unreachable."""
        if self._report is not None:
            return self._report
        if type(self).parse is Recording.parse:
            return Report()
        return self.parse(self.read_text(STDOUT), self.read_text(STDERR))

    def metrics(self) -> dict[str, float]:
        """Its numbers by name, in base units (seconds, bit/s, percent)."""
        return self.report().metrics

    def metric(self, name: str) -> float:
        """One of its numbers; raises UnknownName that says which there are."""
        found = self.metrics()
        if name not in found:
            known = did_you_mean(name, found) or f"; it has {', '.join(sorted(found))}"
            none = f": it is {self.state.name} and has measured nothing yet"
            raise UnknownName(f"{self.name} has no number '{name}'{known if found else none}")
        return found[name]

    # -- traces ---------------------------------------------------------------------------------

    def trace(
        self, name: str, attr: TraceAttr = TraceAttr.ALL, block: int = 512, offset: int = 0
    ) -> Any:
        """What trace *name* holds; a table of numbers is CSV, also while it still grows."""
        self.declared_trace(name)
        if self._files is None or self._run_dir is None:
            return None
        if name not in FILES and name in self.report().tables:
            return self._table_view(name, attr, block, offset)
        found = file_view(self._files, self._run_dir / self.place(name), attr, block, offset)
        if isinstance(found, bytes) and name not in self.binary:
            return found.decode(errors="replace")
        return found

    def _table_view(self, name: str, attr: TraceAttr, block: int, offset: int) -> Any:
        if attr is TraceAttr.PATH:
            return str(self._table_path(name))
        data = self.report().tables[name].csv()
        if attr is TraceAttr.SIZE:
            return len(data)
        return data if attr is TraceAttr.ALL else data[block * offset : block * (offset + 1)]


def file_view(
    host: Reader, path: Path, attr: TraceAttr, block: int, offset: int
) -> str | int | bytes | None:
    """A view of a file on a host; None when it does not exist."""
    if attr is TraceAttr.PATH:
        return str(path)
    if attr is TraceAttr.SIZE:
        return host.size(path)
    try:
        if attr is TraceAttr.STREAM:
            return host.read(path, block * offset, block)
        return host.read(path)
    except Unreachable:
        raise
    except HostError:
        return None
