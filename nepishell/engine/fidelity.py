"""Whether a run is what it was asked to be: when the controller, or the machine, could not keep up.

A run that drifted is marked, with the interval and the reason; it goes on. What is close together
and of one kind is one doubt, which grows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from nepishell.core.errors import NepishellError
from nepishell.core.events import Suspected
from nepishell.core.units import format_duration
from nepishell.engine.clock import Clock

#: Doubts of one kind that are closer than this (seconds) are the same one.
NEAR_S = 3.0
#: One that grows is told again not more often than this.
AGAIN_S = 1.0
LATE = "lateness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What is still believed. *lateness*: seconds; the others: the share of WINDOW_S during which
    work waited (*cpu*, *io*: some of it; *memory*: all of it), as the kernel's PSI counts it.
    """

    lateness: float = 0.1
    cpu: float = 0.95
    memory: float = 0.1
    io: float = 0.8


@dataclass(slots=True, kw_only=True)
class Doubt:
    """Between *since* and *until* (seconds of the run's clock) something was not as asked.

    *guid*: of the resource that it is about; 0: the whole run. *worst*: the largest value seen.
    """

    kind: str
    guid: int
    since: float
    until: float
    text: str
    worst: float
    #: when it was published last
    told: float | None = None

    def __str__(self) -> str:
        begin, end = (format_duration(round(at, 1)) for at in (self.since, self.until))
        return f"{begin} to {end}: {self.text}" if begin != end else f"{begin}: {self.text}"


class Fidelity:
    """The doubts about one run. Safe from any thread; *post* publishes an event."""

    def __init__(self, clock: Clock, post: Callable[[Suspected], None]) -> None:
        self.bounds = Bounds()
        self._clock = clock
        self._post = post
        self._lock = Lock()
        self._doubts: list[Doubt] = []
        self._looks: list[Callable[[], object]] = []

    def watch(self, look: Callable[[], object]) -> None:
        """Have *look* called, now and then while the run goes on; it tells what it doubts itself.

        It is called by the thread that watches the machine, and must not block.
        """
        self._looks.append(look)

    def look(self) -> None:
        """Call all that watch; one that raises is asked no more."""
        for look in list(self._looks):
            try:
                look()
            except NepishellError:
                self._looks.remove(look)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """All, oldest first."""
        return tuple(self._doubts)

    def recall(self, told: Suspected) -> None:
        """Have a doubt that an earlier controller told of."""
        doubt = Doubt(kind=told.kind, guid=told.guid, since=told.since, until=told.at,
                      text=told.text, worst=0.0, told=told.at)  # fmt: skip
        with self._lock:
            self._doubts.append(doubt)

    def late(self, seconds: float) -> None:
        """The controller did something *seconds* after it was due: if that is much, a doubt."""
        if seconds > self.bounds.lateness:
            self.doubt(LATE, "the controller was up to {} late", seconds, lasting=seconds)

    def doubt(
        self, kind: str, text: str, worst: float = 0.0, *, guid: int = 0, lasting: float = 0.0
    ) -> None:
        """Something was not as asked until now, for *lasting* seconds.

        *text*: why; `{}` in it is *worst* as a duration, of all that this doubt was.
        """
        now = self._clock.now()
        with self._lock:
            found = self._extended(kind, guid, now, lasting, worst)
            found.text = text.replace("{}", format_duration(round(found.worst, 2)))
            if found.told is not None and now - found.told < AGAIN_S:
                return
            found.told = now
            event = Suspected(now, guid, kind, found.since, found.text)
        self._post(event)

    def _extended(self, kind: str, guid: int, now: float, lasting: float, worst: float) -> Doubt:
        since = max(0.0, now - lasting)
        for doubt in reversed(self._doubts):
            if (doubt.kind, doubt.guid) == (kind, guid) and since - doubt.until < NEAR_S:
                doubt.until, doubt.worst = now, max(doubt.worst, worst)
                return doubt
        made = Doubt(kind=kind, guid=guid, since=since, until=now, text="", worst=worst)
        self._doubts.append(made)
        return made
