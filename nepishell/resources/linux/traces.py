"""What an application recorded: its process's files, and the numbers that a parser finds there."""

from pathlib import Path
from typing import Any, ClassVar

from nepishell.core.errors import HostError, UnknownName, WrongState, did_you_mean
from nepishell.core.traces import TraceAttr
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.base import EXIT_STATUS, STDERR, STDOUT, Host
from nepishell.resources.parsers.report import Report

#: Traces that are files which the process itself writes.
FILES = frozenset({STDOUT, STDERR, EXIT_STATUS})


class Recording(ResourceManager):
    """The part of an application that keeps what it recorded, also when its node is gone."""

    #: traces that are not text: they are given as bytes
    binary: ClassVar[frozenset[str]] = frozenset()

    _host: Host | None = None
    _run_dir: Path | None = None
    _tables_in: Path | None = None
    _report: Report | None = None

    def parse(self, stdout: str, stderr: str) -> Report:
        """The numbers in what it printed so far; types of tools override this."""
        return Report()

    # -- recording ------------------------------------------------------------------------------

    def begin_recording(self, host: Host) -> tuple[Host, Path]:
        """Where the files of a new process go."""
        # a label that is given later must not move what was recorded
        self._host, self._run_dir = host, self.ec.trace_dir(self.guid)
        self._tables_in = self._run_dir
        self._report = None
        return self._host, self._run_dir

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
        self._report = self.report()
        for name, table in self._report.tables.items():
            if name in self._traces and self.trace_enabled(name):
                path = self._table_path(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(table.csv())

    def _table_path(self, name: str) -> Path:
        return (self._tables_in or self.ec.trace_dir(self.guid)) / f"{name}.csv"

    def read_text(self, name: str) -> str:
        """One of its files as text; '' when there is none."""
        if self._host is None or self._run_dir is None:
            return ""
        try:
            return self._host.read(self._run_dir / name).decode(errors="replace")
        except HostError:
            return ""

    # -- numbers --------------------------------------------------------------------------------

    def report(self) -> Report:
        """What the parser finds by now."""
        if self._report is not None:
            return self._report
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
        if self._host is None or self._run_dir is None:
            return None
        if name not in FILES and name in self.report().tables:
            return self._table_view(name, attr, block, offset)
        found = file_view(self._host, self.recorded_in() / name, attr, block, offset)
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
    host: Host, path: Path, attr: TraceAttr, block: int, offset: int
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
    except HostError:
        return None
