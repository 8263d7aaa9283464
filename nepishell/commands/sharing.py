"""Several people at one run: who is there, who drives, leaving it to itself.

One session drives; the lines of others that would change something are refused. Whoever wants to
change something while nobody drives, drives from then on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from nepishell.commands.context import Context, Detach, Shutdown
from nepishell.commands.jobs import Jobs
from nepishell.commands.notes import Note, names_of, tell
from nepishell.commands.past import Past
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.journal.keeping import RunJournal
from nepishell.lang.registry import DESTROY, LOOK, Command, command
from nepishell.output.records import Records

SESSIONS = ("session", "drives:bool", "you:bool", "since:duration")


class Session(NamedTuple):
    """Who is there. *since*: seconds on the run's clock."""

    name: str
    drives: bool
    is_you: bool
    since: float


class Seat(Protocol):
    """One session's place at a run that several share. Safe from any thread."""

    name: str
    #: called, from any thread, with a line for the person who sits there
    tell: Callable[[str], None]

    def may(self, command: Command) -> None:
        """Refuse what a session that only watches may not do; raises NepishellError."""

    def take(self) -> str:
        """Drive from now on; who did before, ''."""

    @property
    def driver(self) -> str:
        """Who drives, ''."""

    def sessions(self) -> Sequence[Session]:
        """All that are there."""


@dataclass(kw_only=True)
class Shared:
    """What all sessions of a run have in common."""

    ec: ExperimentController
    jobs: Jobs
    parameters: dict[str, str]
    declared: set[str]
    past: Past
    journal: RunJournal | None = None

    def lend(self, ctx: Context, seat: Seat) -> None:
        """Make *ctx* that of a session of the run, whose place is *seat*."""
        ctx.jobs, ctx.past, ctx.journal = self.jobs, self.past, self.journal
        ctx.parameters, ctx.declared = self.parameters, self.declared
        ctx.seat, ctx.who = seat, seat.name


class AttachedTerminal(NamedTuple):
    """A terminal elsewhere: descriptors to read keys from and to write to, and how it is set up."""

    source: int
    target: int
    environ: Mapping[str, str]


def _seat(ctx: Context) -> Seat:
    if ctx.seat is None:
        raise NepishellError(
            "this run is yours alone; 'detach' leaves it to itself, "
            "'nepishell attach' lets others come in then"
        )
    return ctx.seat


@command("detach", effects=LOOK, group="session")
def detach(ctx: Context) -> Note:
    """Leave the run to itself: all goes on without a terminal; `nepishell attach` comes back."""
    if ctx.leave is None:
        raise NepishellError("there is no terminal to leave; 'nepishell serve FILE' needs none")
    ctx.leave()
    raise Detach


@command("take", effects=LOOK, group="session")
def take(ctx: Context) -> Note:
    """Drive from now on; whoever did before watches, and is told."""
    seat = _seat(ctx)
    before = seat.take()
    if before == seat.name:
        return tell("you drive already", driver=seat.name)
    return tell(f"you drive now{f'; {before} watches' if before else ''}",
                driver=seat.name, before=before)  # fmt: skip


@command("who", effects=LOOK, group="session", columns=names_of(SESSIONS))
def who(ctx: Context) -> Records:
    """Who is at this run, and who of them drives."""
    now = ctx.ec.clock.now()
    rows = [
        (one.name, one.drives, one.is_you, round(max(0.0, now - one.since), 1))
        for one in _seat(ctx).sessions()
    ]
    return Records(SESSIONS, rows, "sessions")


@command("shutdown", effects=DESTROY, group="session")
def shutdown(ctx: Context) -> Note:
    """End the run: release everything, and the controller with it, for all who are there."""
    what = f"run {ctx.ec.run_id}"
    if not ctx.confirm(f"release all of {what} and end it?"):
        raise NepishellError(f"{what} goes on")
    raise Shutdown
