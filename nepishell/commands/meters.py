"""Numbers of resources as they come: of a trace while it grows, of an attribute, of all it printed.

What is followed is what `trace -f` follows: hosts tell when a file grows, nothing is asked again
and again. A statistic is one of the last numbers, so a number more costs the same however many
there were.
"""

from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Protocol

from nepishell.commands.expecting import ATTRIBUTE_KINDS
from nepishell.commands.measures import base_name, is_statistic, kind_of, statistic, unit_of
from nepishell.core.errors import NepishellError
from nepishell.core.events import AttributeSet, Event, StateChanged
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.base import STDOUT
from nepishell.resources.linux.traces import Recording
from nepishell.resources.parsers.report import Report
from nepishell.resources.sampling import Sampling

#: Numbers that a statistic is of.
WINDOW = 100
#: Bytes at the end of an output that is there already in which numbers are looked for.
TAIL = 64 << 10
#: and at its beginning in which its first line is.
HEAD = 4096
#: A whole output is read anew when it has grown by this part of itself.
GROWN = 16

#: Takes a number in base units, and of what kind it is.
Take = Callable[[float, str], None]


class Meter(Protocol):
    """Something that tells numbers from start() to stop()."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Window:
    """A statistic of the last numbers; `count`, `sum` and `first` are of all."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._last: deque[float] = deque(maxlen=WINDOW)
        self._count = 0
        self._sum = 0.0
        self._first = 0.0

    def add(self, values: Iterable[float]) -> float | None:
        """What it is with *values*; None while there is no number."""
        for value in values:
            self._first = value if not self._count else self._first
            self._count += 1
            self._sum += value
            self._last.append(value)
        of_all = {"count": float(self._count), "sum": self._sum, "first": self._first}
        if not self._count:
            return None
        return of_all[self._name] if self._name in of_all else statistic(self._name, self._last)


def meter(ec: ExperimentController, rm: ResourceManager, path: str, take: Take) -> Meter:
    """What tells the number *path* of *rm*, each time that it may have changed.

    Raises NepishellError where nothing does.
    """
    if path in rm._attributes:
        return _AttributeMeter(ec, rm, path, take)
    trace, _, rest = path.partition(".")
    column, _, name = rest.rpartition(".")
    if isinstance(rm, Sampling) and trace in rm.samples:
        return _SampleMeter(rm, trace, name or "last", take)
    if not isinstance(rm, Recording):
        raise NepishellError(f"{rm.name} is a {rm.rtype}: '{path}' of it cannot be followed")
    if trace in rm._traces and is_statistic(name):
        return _TableMeter(ec, rm, trace, column or trace, name, take)
    return _ReportedMeter(ec, rm, path, take)


class _AttributeMeter:
    """An attribute: told when it is set."""

    def __init__(
        self, ec: ExperimentController, rm: ResourceManager, name: str, take: Take
    ) -> None:
        self._ec, self._rm, self._name, self._take = ec, rm, name, take
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Tell what it is now, and from now on."""
        self._unsubscribe = self._ec.bus.subscribe(self._see)
        self._tell()

    def stop(self) -> None:
        self._unsubscribe()

    def _see(self, event: Event) -> None:
        match event:
            case AttributeSet(guid=guid, name=name) if (guid, name) == (self._rm.guid, self._name):
                self._tell()

    def _tell(self) -> None:
        value = self._rm.get(self._name)
        if isinstance(value, int | float):
            kind = ATTRIBUTE_KINDS.get(self._rm._attributes[self._name].type, "number")
            self._take(float(value), kind)


class _SampleMeter:
    """A statistic of the samples that are taken."""

    def __init__(self, rm: Sampling, name: str, which: str, take: Take) -> None:
        self._rm, self._name, self._take = rm, name, take
        self._window = Window(which)
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Tell samples from now on."""
        self._stop = self._rm.on_sample(self._name, self._hear)

    def stop(self) -> None:
        self._stop()

    def _hear(self, value: float) -> None:
        found = self._window.add([value])
        if found is not None:
            self._take(found, kind_of(self._name))


class _OutputMeter:
    """What a program prints, in whole lines, from each of its starts on."""

    def __init__(self, ec: ExperimentController, rm: Recording) -> None:
        self._ec, self._rm = ec, rm
        self._lock = Lock()
        #: of what is heard, what belongs to the process that runs now
        self._turn = 0
        self._begun = b""
        self._unfollow: Callable[[], None] = lambda: None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Tell numbers from now on, the last of those that are there included.

        What has stopped has told its last one: that is how it is.
        """
        self._unsubscribe = self._ec.bus.subscribe(self._see)
        if self._rm.state in (ResourceState.STARTED, ResourceState.STOPPED):
            self._follow()

    def stop(self) -> None:
        """Tell nothing more."""
        self._unsubscribe()
        with self._lock:
            self._turn += 1
            unfollow, self._unfollow = self._unfollow, lambda: None
        unfollow()

    def _see(self, event: Event) -> None:
        match event:
            case StateChanged(guid=self._rm.guid, new=ResourceState.STARTED):
                # a host may be far away: not in the thread of the bus
                self._ec.schedule(0, self._follow)

    def _follow(self) -> None:
        """Listen to the process that runs now."""
        with self._lock:
            self._turn += 1
            turn = self._turn
            unfollow = self._unfollow
        unfollow()
        try:
            host, path = self._rm.recording_host(), self._rm.recorded_in() / STDOUT
            start = max(0, host.size(path) - TAIL)
            head = host.read(path, 0, HEAD) if start else b""
            self._restart(head.partition(b"\n")[0], is_whole=not start)
            unfollow = host.follow(path, start, lambda data: self._hear(turn, data))
        except NepishellError:
            # a host that is away tells again when the program is found there
            return
        with self._lock:
            if turn == self._turn:
                self._unfollow = unfollow
                return
        unfollow()

    def _hear(self, turn: int, data: bytes) -> None:
        """On the host's thread."""
        with self._lock:
            if turn != self._turn:
                return
            whole, newline, rest = data.rpartition(b"\n")
            if not newline:
                self._begun += data
                return
            whole, self._begun = self._begun + whole + newline, rest
        self._lines(whole.decode(errors="replace"))

    def _restart(self, head: bytes, *, is_whole: bool) -> None:
        """A process begins: *head* is its first line where what comes does not begin with it."""
        with self._lock:
            self._begun = b""

    def _lines(self, text: str) -> None:
        """Take whole lines."""
        raise NotImplementedError


class _TableMeter(_OutputMeter):
    """A statistic of a column of what a program prints."""

    def __init__(
        self, ec: ExperimentController, rm: Recording, trace: str, column: str, name: str,
        take: Take,
    ) -> None:  # fmt: skip
        super().__init__(ec, rm)
        self._trace, self._column, self._name, self._take = trace, column, name, take
        self._head = ""
        self._rows_in_head = 0
        self._skips_first = False
        self._window = Window(name)

    def _restart(self, head: bytes, *, is_whole: bool) -> None:
        super()._restart(head, is_whole=is_whole)
        self._window = Window(self._name)
        self._skips_first = not is_whole
        self._keep_head(f"{head.decode(errors='replace')}\n" if head else "")

    def _keep_head(self, head: str) -> None:
        # names of columns are often in the first line; what is parsed later needs them, too
        self._head = head
        self._rows_in_head = len(self._rows(self._rm.parse(head, ""))) if head else 0

    def _lines(self, text: str) -> None:
        if self._skips_first:
            # what was there begins in the middle of a line
            text, self._skips_first = text.partition("\n")[2], False
        report = self._rm.parse(self._head + text, "")
        rows = self._rows(report)[self._rows_in_head :]
        if not self._head:
            self._keep_head(text.partition("\n")[0] + "\n")
        kind, factor = unit_of(self._column)
        values = [value * factor for value in map(_number, rows) if value is not None]
        found = self._window.add(values)
        if found is not None and values:
            self._take(found, "number" if self._name == "count" else kind)

    def _rows(self, report: Report) -> list[object]:
        table = report.tables.get(self._trace)
        if table is None:
            return []
        names = [base_name(name) for name in table.columns]
        if self._column in table.columns:
            at = table.columns.index(self._column)
        elif self._column in names:
            at = names.index(self._column)
            self._column = table.columns[at]
        else:
            return []
        return [row[at] for row in table.rows]


def _number(cell: object) -> float | None:
    """A cell as a number; None for one that is empty, or is none."""
    try:
        value = float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return value if value == value and abs(value) != float("inf") else None


class _ReportedMeter(_OutputMeter):
    """A number that is made of all that a program printed: read anew when there is enough more."""

    def __init__(self, ec: ExperimentController, rm: Recording, path: str, take: Take) -> None:
        super().__init__(ec, rm)
        self._path, self._take = path, take
        self._heard = self._read = 0

    def _restart(self, head: bytes, *, is_whole: bool) -> None:
        super()._restart(head, is_whole=is_whole)
        self._heard = self._read = 0

    def _lines(self, text: str) -> None:
        self._heard += len(text)
        if self._heard - self._read < self._read // GROWN:
            return
        self._read = self._heard
        # an output may be long: not in the thread that all of the host's files are heard in
        self._ec.schedule(0, self._tell)

    def _tell(self) -> None:
        try:
            found = self._rm.metrics()
        except NepishellError:
            return
        if self._path in found:
            self._take(found[self._path], kind_of(self._path))
