"""Reads lines from a person and executes them, while the experiment goes on.

Ctrl-C clears the line, or ends a wait; Ctrl-D leaves, after asking when something is deployed. A
terminal that goes away raises Stopped out of whatever waits for it.
"""

import sys
from contextlib import suppress
from pathlib import Path
from shutil import get_terminal_size

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.output import Output as TerminalOutput

from nepishell.commands.context import Context, Quit
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Job, Jobs
from nepishell.commands.notes import Output, Shown
from nepishell.commands.places import recipe_folders, state_home
from nepishell.commands.signals import Signals, Stopped
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.lang.errors import LangError
from nepishell.output.kinds import clean
from nepishell.output.render import render
from nepishell.output.style import style_for
from nepishell.replay.reader import Statement, Unfinished, read_statements
from nepishell.replay.sources import Sources
from nepishell.shell.above import above_the_prompt
from nepishell.shell.adapters import ArgumentHint, GrammarCompleter, GrammarLexer, Walks
from nepishell.shell.console import Console
from nepishell.shell.gate import Gate
from nepishell.shell.guard import Guard
from nepishell.shell.history import open_history
from nepishell.shell.keys import our_keys
from nepishell.shell.terminal import Opener, hand_over
from nepishell.shell.theme import our_style
from nepishell.shell.toolbar import Toolbar

MARK = "nepishell> "
#: Rows kept free below the line for the menu, and rows that everything else needs.
MENU_ROWS, OTHER_ROWS = 8, 4
_GONE = (ResourceState.NEW, ResourceState.RELEASED)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _room_for_menu() -> int:
    # a prompt that needs more rows than there are shows nothing but a complaint
    return max(0, min(MENU_ROWS, get_terminal_size().lines - OTHER_ROWS))


class Prompt:
    """One person at one controller. *terminal*: input and output, for tests."""

    def __init__(
        self,
        ec: ExperimentController,
        signals: Signals,
        terminal: tuple[Input, TerminalOutput] | None = None,
    ) -> None:
        self._ec = ec
        self._signals = signals
        self._style = style_for(sys.stdout)
        self._write = Gate(_print)
        jobs = Jobs(ec)
        jobs.on_error = self._job_failed
        self.ctx = Context(
            ec=ec, jobs=jobs, waits=False, confirm=self._confirm, waiting=signals.waiting,
            source=self._source, emit=self._emit, stream=self._stream, attach=self._attach,
        )  # fmt: skip
        self.ctx.remember()
        self._interpreter = Interpreter(self.ctx, interactive=True)
        self._sources = Sources(recipe_folders())
        self.guard = Guard(self._write, ec.run_dir / "log.txt")
        self.console = Console(ec, self._write, self._style)
        self._walks = Walks(self._interpreter)
        self._given = terminal
        self._session = self._make_session()
        signals.on_idle = self._leave_prompt

    def _make_session(self) -> PromptSession[str]:
        source, target = self._given or (None, None)
        toolbar = Toolbar(self.ctx, self.guard, glyphs=self._style.glyphs)
        return PromptSession(
            [("class:prompt", MARK)],
            completer=GrammarCompleter(self._walks, self.guard),
            lexer=GrammarLexer(self._walks, self.guard),
            auto_suggest=AutoSuggestFromHistory(),
            input_processors=[ArgumentHint(self._walks, self.guard)],
            key_bindings=our_keys(
                self._walks, self.guard, lambda: self._session.default_buffer.document.
                text_before_cursor, self._write,
            ),
            bottom_toolbar=toolbar,
            history=open_history(state_home()),
            style=our_style(),
            complete_while_typing=True,
            enable_open_in_editor=False,
            include_default_pygments_style=False,
            input=source,
            output=target,
        )  # fmt: skip

    def close(self) -> None:
        """No more lines above the prompt."""
        self.console.close()

    # -- the loop --------------------------------------------------------------------------

    def loop(self) -> None:
        """Read and execute until the person leaves; raises Stopped when the terminal goes away."""
        with above_the_prompt() as above:
            while True:
                try:
                    text = self._session.prompt(reserve_space_for_menu=_room_for_menu())
                except KeyboardInterrupt:
                    continue
                except EOFError:
                    if self._may_leave():
                        return
                    continue
                finally:
                    above.settle()
                with suppress(Quit):
                    self.execute(text)
                    continue
                if self._may_leave():
                    return

    def execute(self, text: str) -> None:
        """Execute what was typed or pasted; the first error stops it. Raises Quit, Stopped."""
        try:
            for statement in read_statements(text.splitlines(), "line"):
                if not self._one(statement):
                    return
        except Unfinished as problem:
            self._write(f"{problem}")

    def _one(self, statement: Statement) -> bool:
        """Execute one statement; whether it went well."""
        with self.guard:
            return self._attempt(statement)
        return False

    def _attempt(self, statement: Statement) -> bool:
        try:
            for shown in self._interpreter.run(statement.text):
                self._show(shown)
        except Stopped as stopped:
            return self._interrupted(stopped)
        except LangError as problem:
            self._write(f"{self._caret(statement, problem)}{problem.message}")
        except NepishellError as problem:
            self._write(str(problem))
        else:
            return True
        return False

    def _interrupted(self, stopped: Stopped) -> bool:
        """Ctrl-C ends a wait; what else ends a wait ends the session."""
        self._signals.forget()
        if not stopped.is_interrupt:
            raise stopped
        running = self.ctx.jobs.running()
        what = f"task %{running[-1].number} goes on" if running else "the experiment goes on"
        self._write(f"interrupted; {what}")
        return False

    def _caret(self, statement: Statement, problem: LangError) -> str:
        """A caret under the culprit, where it is just above: the line as typed."""
        if len(statement.lines) > 1:
            return ""
        place = statement.place(problem.column)
        lead = " " * (len(MARK) + place.column - 1)
        return f"{lead}^{'~' * (problem.length - 1)}\n"

    # -- showing ---------------------------------------------------------------------------

    def _attach(self, open_: Opener) -> int:
        """Hand the terminal over; our lines wait meanwhile."""
        ahead = "".join(key.data for key in get_typeahead(self._session.input))
        with self._write:
            return hand_over(open_, typed=ahead.encode())

    def _stream(self, text: str) -> None:
        sys.stdout.write(clean(text, lines=True))
        sys.stdout.flush()

    def _show(self, shown: Shown) -> None:
        text = render(shown.result, shown.form or "table", style_for(sys.__stdout__ or sys.stdout))
        if text:
            self._write(text)
        if isinstance(shown.result, Output) and shown.result.error:
            raise NepishellError(shown.result.error)

    def _emit(self, shown: Shown | None) -> None:
        if shown is not None:
            self._show(shown)

    def _job_failed(self, job: Job, problem: NepishellError) -> None:
        self.console.say(f"task %{job.number} ({job.line}): {problem}")

    # -- asking ----------------------------------------------------------------------------

    def _confirm(self, question: str) -> bool:
        source, target = self._given or (None, None)
        session: PromptSession[str] = PromptSession(input=source, output=target)
        try:
            answer = session.prompt(f"{question} [y/N] ")
        except (KeyboardInterrupt, EOFError):
            return False
        return answer.strip().lower() in ("y", "yes")

    def _may_leave(self) -> bool:
        deployed = [row.guid for row in self._ec.snapshot().resources if row.state not in _GONE]
        if not deployed:
            return True
        names = self.ctx.names(deployed)
        what = "it" if len(deployed) == 1 else f"these {len(deployed)} resources"
        return self._confirm(f"{names}: release {what} and leave?")

    def _leave_prompt(self, stopped: Stopped) -> None:
        """A signal came while a line was being typed; in the main thread."""
        app = self._session.app
        if app.is_running and app.loop is not None:
            app.loop.call_soon_threadsafe(lambda: app.exit(exception=stopped))

    # -- recipes ---------------------------------------------------------------------------

    def _source(self, path: Path) -> None:
        """Play a recipe as a recipe: its actions wait."""
        recipe = self._sources.find(path)
        waits, self.ctx.waits = self.ctx.waits, True
        try:
            with self._sources.entered(recipe):
                for statement in recipe.statements():
                    self._play(statement)
        finally:
            self.ctx.waits = waits

    def _play(self, statement: Statement) -> None:
        try:
            for shown in self._interpreter.run(statement.text):
                self._show(shown)
        except LangError as problem:
            raise NepishellError(f"{statement.place(problem.column)}: {problem.message}") from None
        except NepishellError as problem:
            raise NepishellError(f"{statement.place()}: {problem}") from None
