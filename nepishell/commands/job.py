"""A job: one line that goes on by itself, how far it is, and what it still wants."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Event

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.engine.callingoff import CalledOff


class Progress(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({Progress.DONE, Progress.FAILED, Progress.CANCELLED})


class Cancelled(NepishellError):
    """The job was cancelled while it waited; nobody needs to be told."""


@dataclass(slots=True, kw_only=True, eq=False)
class Job:
    """One line that goes on by itself. Times are seconds on the run's clock.

    *due*: when it runs next, and *interval* after which it does again (0: it does not). *acts_on*:
    the resources that its command acts on now. *left*: those that have not come to *goal* yet, of a
    job that is done when all have.
    """

    number: int
    line: str
    began: float = 0.0
    ended: Event = field(default_factory=Event)
    due: float | None = None
    #: of one that waits for something else than a time: what for, and how that is now
    waits_on: Callable[[], str] | None = None
    #: the resources that it waits for, or that it will act on
    about: tuple[int, ...] = ()
    #: ends its listening
    unlisten: Callable[[], None] | None = None
    task: int | None = None
    error: str = ""
    cancelled: bool = False
    interval: float = 0.0
    runs: int = 0
    acts_on: tuple[int, ...] = ()
    left: set[int] = field(default_factory=set)
    #: how many there were in *left* when it began
    size: int = 0
    goal: ResourceState | None = None
    #: what a cancelled deployment left behind
    called_off: CalledOff | None = None
    interrupts: list[Callable[[], None]] = field(default_factory=list)
    listeners: list[Callable[[], None]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def guids(self) -> tuple[int, ...]:
        """Of a deployment: the resources that have not come to its goal yet."""
        return tuple(sorted(self.left))
