"""Numbers of a resource that are taken when somebody asks: each is a trace, and a metric.

Nothing is taken by itself: `every 100ms sample wire.qlen` decides how often.
"""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

from nepishell.core.errors import HostError, UnknownName, did_you_mean
from nepishell.core.traces import TraceAttr
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.files import LocalFiles
from nepishell.resources.linux.traces import file_view
from nepishell.resources.parsers.report import Cell, Report, Table

#: Told each new number.
OnSample = Callable[[float], None]


class Sampling(ResourceManager):
    """A resource that can be asked for numbers."""

    #: number -> the columns of its trace behind `time`, the number itself last
    samples: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    _sampled: dict[str, float] | None = None
    _hearers: list[tuple[str, OnSample]] | None = None
    _writing: ClassVar[Lock] = Lock()

    def take(self, name: str) -> tuple[float, ...]:
        """The columns of *name* now, in order; types override this. Raises HostError."""
        raise NotImplementedError

    def sample(self, name: str) -> float:
        """Take *name*, write it down, and tell it; raises UnknownName, HostError."""
        if name not in self.samples:
            known = did_you_mean(name, self.samples) or f"; it has {', '.join(self.samples)}"
            raise UnknownName(f"nothing takes samples of '{name}' of {self.name}{known}")
        values = self.take(name)
        with self._writing:
            self._write(name, values)
            self._sampled = {**(self._sampled or {}), name: values[-1]}
            hearers = [hear for heard, hear in self._hearers or () if heard == name]
        for hear in hearers:
            hear(values[-1])
        return values[-1]

    def _write(self, name: str, values: tuple[float, ...]) -> None:
        if not self.trace_enabled(name):
            return
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            if not file.tell():
                file.write(f"time,{','.join(self.samples[name])}\n")
            numbers = ",".join(f"{value:.9g}" for value in values)
            file.write(f"{self.ec.clock.now():.4f},{numbers}\n")

    def on_sample(self, name: str, hear: OnSample) -> Callable[[], None]:
        """Call *hear* with each sample of *name*; the result ends that."""
        entry = (name, hear)
        with self._writing:
            self._hearers = [*(self._hearers or ()), entry]

        def stop() -> None:
            with self._writing:
                self._hearers = [each for each in self._hearers or () if each is not entry]

        return stop

    def metrics(self) -> dict[str, float]:
        """The last sample of each."""
        return dict(self._sampled or {})

    def _path(self, name: str) -> Path:
        folder: Path = self.ec.trace_dir(self.guid)
        return folder / f"{name}.csv"

    def report(self) -> Report:
        """All samples, as tables."""
        tables = {}
        for name, columns in self.samples.items():
            try:
                text = self._path(name).read_text(encoding="utf-8")
            except OSError:
                continue
            rows: list[tuple[Cell, ...]] = [tuple(row) for row in csv.reader(text.splitlines()[1:])]
            tables[name] = Table(columns=("time", *columns), rows=rows)
        return Report(metrics=self.metrics(), tables=tables)

    def trace(
        self, name: str, attr: TraceAttr = TraceAttr.ALL, block: int = 512, offset: int = 0
    ) -> Any:
        """What trace *name* holds, as CSV."""
        self.declared_trace(name)
        if name not in self.samples or not self._path(name).exists():
            return None
        try:
            found = file_view(LocalFiles(), self._path(name), attr, block, offset)
        except HostError:
            return None
        return found.decode(errors="replace") if isinstance(found, bytes) else found
