"""A run of the past that was opened to be looked at: nothing in it can be changed, nothing runs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from nepishell.commands.context import Context
from nepishell.commands.jobs import Jobs
from nepishell.commands.sharing import Session
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.engine.recollecting import forget
from nepishell.journal.reading import verify
from nepishell.journal.recollecting import open_past
from nepishell.journal.runs import Fate, Run
from nepishell.lang.registry import LOOK, Command
from nepishell.output.kinds import clean
from nepishell.resources.table import register_all


class OnlyLooking:
    """The seat of who looks at the past."""

    name = ""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.tell: Callable[[str], None] = lambda text: None

    def may(self, command: Command) -> None:
        """Refuse whatever is more than looking; raises NepishellError."""
        if command.effects is not LOOK:
            self._refuse(f"'{command.name}'")

    def take(self) -> str:
        """Nobody drives what is over; raises NepishellError."""
        self._refuse("'take'")

    @property
    def driver(self) -> str:
        """Nobody."""
        return ""

    def sessions(self) -> Sequence[Session]:
        """Nobody else is there."""
        return ()

    def _refuse(self, what: str) -> NoReturn:
        raise NepishellError(
            f"{what} would change something: this is the past of run {self._run.run_id}; "
            f"'nepishell run FILE.zip' does it again"
        )


@contextmanager
def looking_at(
    run: Run, until: float | None = None
) -> Iterator[tuple[ExperimentController, list[str]]]:
    """A controller of what *run* was, or was at *until* seconds, and warnings.

    Raises NepishellError.
    """
    if run.fate is Fate.BROKEN:
        raise NepishellError(run.problem)
    verdict = verify(run.journal)
    if verdict.fault:
        raise NepishellError(f"{run.journal}:{verdict.records + 1}: {verdict.fault}")
    register_all()
    ec, warnings = open_past(run, until)
    try:
        # they quote what somebody else wrote
        yield ec, [clean(warning) for warning in warnings]
    finally:
        forget(ec)


def context_of(ec: ExperimentController, run: Run) -> Context:
    """What commands that look work on."""
    return Context(ec=ec, jobs=Jobs(ec), opened=run, seat=OnlyLooking(run))
