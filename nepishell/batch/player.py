"""One run without a terminal: plays statements, tells what went wrong, releases what was built."""

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import Any, NoReturn

from nepishell.batch.exits import Exit
from nepishell.batch.pacing import Pace
from nepishell.batch.printer import Gone, Printer
from nepishell.batch.progress import Progress
from nepishell.batch.summary import Expectations, lines_of, summary_of
from nepishell.commands.context import Context, Quit, WaitTimeout
from nepishell.commands.expecting import Unexpected
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.job import Job
from nepishell.commands.jobs import Jobs
from nepishell.commands.journaling import open_journal
from nepishell.commands.logs import RunLog
from nepishell.commands.notes import Output, Shown
from nepishell.commands.places import recipe_folders
from nepishell.commands.signals import Signals, Stopped
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.lang.errors import LangError
from nepishell.lang.secrets import hide
from nepishell.output.records import Record
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import Recipe, RecipeError, locate
from nepishell.replay.script import Script
from nepishell.replay.sources import Sources

#: The record after a command that was done, and gave that it had failed.
FAILED = "failed"
#: After which of them a run may be left as it is: a person who interrupts wants it released.
_LEFT = (Exit.FAILED, Exit.TIMEOUT, Exit.USAGE)
#: Characters of a line that are shown while it is played.
_SHORT = 60
#: imported only where a recipe pauses at a terminal
_PROMPT = "nepishell.shell.pausing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asked for."""

    parameters: dict[str, str] = field(default_factory=dict)
    keep: bool = False
    keep_going: bool = False
    yes: bool = False
    seed: int | None = None
    #: whether what came of it is said in the end; whether a failure leaves all as it is
    summary: bool = False
    leave: bool = False


class Player:
    """Plays into one controller. Use it in the main thread."""

    def __init__(
        self, ec: ExperimentController, options: Options, printer: Printer, signals: Signals
    ) -> None:
        self.status = Exit.DONE
        self.expectations = Expectations()
        #: who decides when each statement is played, and whether
        self.pace: Pace | None = None
        #: told of each statement before it is played
        self.on_statement: Callable[[Statement], None] = lambda statement: None
        self._ec = ec
        self._options = options
        self._printer = printer
        self._signals = signals
        self._sources = Sources(recipe_folders())
        jobs = Jobs(ec)
        jobs.on_error = self._job_failed
        self.ctx = Context(
            ec=ec,
            jobs=jobs,
            parameters=dict(options.parameters),
            fixed=frozenset(options.parameters),
            waiting=signals.waiting,
            source=self._source,
            emit=self._emit,
            confirm=self._confirm,
            pause=self.pause if printer.is_for_people else None,
        )
        self._interpreter = Interpreter(self.ctx)
        self._script = Script(self._interpreter, self._sources, forget=signals.forget)

    def play(self, recipe: Recipe) -> None:
        """Play a recipe to its end, or to its first error."""
        with self._sources.entered(recipe):
            self._play(recipe.statements())

    def play_lines(self, statements: Iterable[Statement]) -> None:
        """Play statements as they come."""
        self._play(statements)

    def _play(self, statements: Iterable[Statement]) -> None:
        with suppress(Quit):
            self._script.play(statements, self._one, on_error=self._told)

    def _one(self, statement: Statement) -> None:
        self._signals.check()
        if self.pace is not None and not self.pace.before(self.ctx, statement):
            return
        self.on_statement(statement)
        self.expectations.looked_at += statement.text.startswith("expect ")
        try:
            for shown in self._interpreter.run(statement.text):
                if self.ctx.journal is not None and _is_wrong(shown):
                    self.ctx.journal.note(FAILED, {})
                self._show(shown)
        except LangError as problem:
            self._worse(Exit.USAGE)
            raise self._located(
                statement, problem.message, problem.column, problem.length
            ) from None
        except RecipeError:
            raise
        except WaitTimeout as problem:
            self._worse(Exit.TIMEOUT)
            raise self._located(statement, str(problem)) from None
        except NepishellError as problem:
            self._worse(Exit.FAILED)
            located = self._located(statement, str(problem))
            if isinstance(problem, Unexpected):
                self.expectations.failed.append(str(located))
            raise located from None

    def spell(self, statement: Statement) -> str:
        """A statement in one line, without its secrets."""
        return " ".join(hide(statement.text, self._interpreter.secrets(statement.text)).split())

    def _located(
        self, statement: Statement, message: str, column: int = 0, length: int = 0
    ) -> RecipeError:
        secrets = self._interpreter.secrets(statement.text)
        return locate(statement, message, column, length, secrets=secrets)

    def _told(self, problem: RecipeError) -> bool:
        """Print an error once, where it happened; True when the recipe goes on after it."""
        if not problem.told:
            problem.told = True
            self._worse(Exit.USAGE)
            self._printer.say(f"{problem}\n{problem.caret}".rstrip())
        return self._options.keep_going

    def _worse(self, status: Exit) -> None:
        """The first thing that went wrong decides the exit status."""
        if self.status is Exit.DONE:
            self.status = status

    def _source(self, path: Path) -> None:
        self.play(self._sources.find(path))

    def _show(self, shown: Shown) -> None:
        """Print a result; raises what was wrong with it in the end."""
        self._printer.show(shown)
        if isinstance(shown.result, Output) and _is_wrong(shown):
            raise NepishellError(shown.result.error)

    def execute(self, line: str) -> None:
        """Perform one line and show nothing; raises NepishellError."""
        self._interpreter.run(line)

    def pause(self, text: str) -> None:
        """Give the terminal to the person until they go on; raises Quit, Stopped."""
        serve: Callable[[Context, Signals, str], None]
        serve = importlib.import_module(_PROMPT).pause_here
        with self._printer.silent(), self.ctx.told.followed():
            serve(self.ctx, self._signals, text)

    def _confirm(self, question: str) -> bool:
        """Nobody is there to answer; --yes did it for all."""
        if not self._options.yes:
            raise NepishellError(f"{question} nobody can be asked here: run it with --yes")
        return True

    # -- perhaps on worker threads ---------------------------------------------------------

    def _emit(self, shown: Shown | None) -> None:
        if shown is None:
            return
        try:
            self._show(shown)
        except Gone:
            # a task acts, whoever reads; a command that only shows things has nobody to show them
            if current_thread() is main_thread():
                raise

    def _job_failed(self, job: Job, problem: NepishellError) -> None:
        self._printer.say(f"task %{job.number} ({job.line}): {problem}")
        self._worse(Exit.TIMEOUT if isinstance(problem, WaitTimeout) else Exit.FAILED)
        if not self._options.keep_going:
            self._signals.ask()


def _is_wrong(shown: Shown) -> bool:
    """Whether what a command gave says that it failed."""
    return isinstance(shown.result, Output) and bool(shown.result.error)


#: The controller of a run that another began, and what fills it once a player is there.
Begun = tuple[ExperimentController, Callable[[Player], None]]


def run(
    options: Options,
    printer: Printer,
    play_all: Callable[[Player], None],
    begun: Begun | None = None,
) -> Exit:
    """One run from its beginning to its end; *play_all* says what is played.

    *begun*: of a run that another controller began.
    """
    ec, fill = begun or (ExperimentController(seed=options.seed), None)
    ec.lasting = ec.lasting or options.leave
    with Signals() as signals, ec, RunLog(ec.run_dir / "log.txt"):
        progress = Progress(ec, printer)
        player = Player(ec, options, printer, signals)
        progress.told = player.ctx.told
        if printer.shows_progress:
            player.on_statement = _shown_by(progress, player)
        facts = None
        try:
            if fill is None:
                player.ctx.journal = open_journal(ec, printer.say)
            else:
                fill(player)
            _play(player, printer, play_all)
            if options.summary:
                facts = summary_of(player.ctx, player.expectations)
            if options.leave and player.status in _LEFT and ec.resources:
                _leave(player, printer, facts)
            if options.keep:
                _keep(player, printer, signals)
        finally:
            _tell_what_is_left(player, printer)
            signals.forget()
            _release(player, printer)
            progress.close()
        if facts is not None:
            _tell_summary(facts, player.status, printer)
        return player.status


def _shown_by(progress: Progress, player: Player) -> Callable[[Statement], None]:
    def show(statement: Statement) -> None:
        place = statement.place()
        text = player.spell(statement)
        short = text if len(text) <= _SHORT else f"{text[: _SHORT - 3]}..."
        progress.doing(f"{place.file}:{place.line} {short}")

    return show


def _tell_summary(facts: Mapping[str, Any], status: Exit, printer: Printer) -> None:
    outcome = {Exit.DONE: "done", Exit.TIMEOUT: "timed out", Exit.FAILED: "failed"}
    word = outcome.get(status, "ended")
    if printer.is_json:
        with suppress(Gone):
            printer.show(Shown(Record({"summary": {"outcome": word, **facts}})))
        return
    for line in lines_of(facts, word):
        printer.say(line)


def _play(player: Player, printer: Printer, play_all: Callable[[Player], None]) -> None:
    try:
        play_all(player)
    except RecipeError as problem:
        player._told(problem)
    except Gone:
        player.status = Exit.PIPE
    except Stopped as stopped:
        # asked by a task that failed: its message says why
        if stopped.signum:
            printer.say(stopped.word)
            player.status = Exit(128 + stopped.signum)


def _leave(player: Player, printer: Printer, facts: Mapping[str, Any] | None) -> NoReturn:
    """End like a controller that is killed: all that was built stays, and can be gone on with."""
    if facts is not None:
        _tell_summary(facts, player.status, printer)
    printer.progress("")
    printer.say(
        "left as it is: the same with --resume goes on here, 'nepishell clean' takes it away"
    )
    player.ctx.ec.bus.drain()
    if player.ctx.journal is not None:
        player.ctx.journal.writer.commit()
    sys.stdout.flush()
    sys.stderr.flush()
    # threads of ours would release what they hold
    os._exit(player.status)


def _keep(player: Player, printer: Printer, signals: Signals) -> None:
    if not player.ctx.ec.resources:
        return
    printer.say("kept as it is; Ctrl-C releases it")
    with suppress(Stopped), signals.waiting():
        Event().wait()


def _tell_what_is_left(player: Player, printer: Printer) -> None:
    timed = [job for job in player.ctx.jobs.running() if job.task is not None]
    if timed:
        lines = ", ".join(f"%{job.number} ({job.line})" for job in timed)
        printer.say(f"ended before: {lines}; a 'wait' at the end would give it time")


def _release(player: Player, printer: Printer) -> None:
    ec = player.ctx.ec
    if any(row.state is not ResourceState.RELEASED for row in ec.snapshot().resources):
        result = ec.release()
        if result.reason:
            printer.say(result.reason)
            player._worse(Exit.FAILED)
