"""Commands in the journal: each before it acts, and what came of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from nepishell import __version__
from nepishell.commands.context import Context
from nepishell.commands.job import Job
from nepishell.commands.subscribers import invite
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.journal.keeping import RunJournal
from nepishell.journal.reading import JournalError
from nepishell.lang.registry import LOOK, Command


def open_journal(ec: ExperimentController, say: Callable[[str], None]) -> RunJournal | None:
    """The journal of a run that begins; where none can be kept, *say* why and go on without."""
    try:
        return RunJournal(ec, version=__version__)
    except JournalError as problem:
        say(f"{problem}; going on without a journal: this run cannot be resumed")
        return None


@contextmanager
def entered(ctx: Context, command: Command) -> Iterator[None]:
    """Inside, *command* is done; its line is in the journal before, its outcome after."""
    journal, effects = ctx.journal, command.effects
    if effects is not LOOK:
        invite(ctx.ec)
    if journal is None:
        yield
        return
    number = journal.command(ctx.line, ctx.who, acts=effects is not LOOK, does=effects.value)
    try:
        yield
    except NepishellError as problem:
        journal.outcome(number, str(problem))
        raise
    except BaseException as interrupt:
        journal.outcome(number, type(interrupt).__name__)
        raise
    journal.outcome(number)


def planned(ctx: Context, job: Job, when: Mapping[str, float | str]) -> None:
    """Enter what is to be done later, so that whoever resumes the run plans it again."""
    journal = ctx.journal
    if journal is not None:
        journal.note("job", {"job": job.number, "line": job.line, **when})
        ctx.jobs.when_over(job, lambda: journal.note("job over", {"job": job.number}))
