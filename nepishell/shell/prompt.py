"""Reads lines from a person and executes them, while the experiment goes on.

Ctrl-C clears the line, or ends a wait; Ctrl-D leaves, after asking when something is deployed. A
terminal that goes away raises Stopped out of whatever waits for it.
"""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from shutil import get_terminal_size

from prompt_toolkit import PromptSession
from prompt_toolkit.application.current import get_app_session
from prompt_toolkit.cursor_shapes import ModalCursorShapeConfig
from prompt_toolkit.formatted_text import AnyFormattedText
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.output import Output as TerminalOutput

from nepishell.commands.context import Context, Quit
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Job, Jobs
from nepishell.commands.notes import Note, Output, Shown
from nepishell.commands.places import recipe_folders, state_home
from nepishell.commands.settings import Settings
from nepishell.commands.signals import Signals, Stopped
from nepishell.commands.typed import ERROR, INTERRUPTED, OK, TypedLines
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.lang.errors import LangError
from nepishell.lang.secrets import hide, masked
from nepishell.output.kinds import clean
from nepishell.output.render import render
from nepishell.output.style import style_for
from nepishell.replay.reader import Statement
from nepishell.replay.sources import Sources
from nepishell.shell.above import above_the_prompt
from nepishell.shell.adapters import ArgumentHint, GrammarCompleter, GrammarLexer, Walks
from nepishell.shell.console import Console
from nepishell.shell.gate import Gate
from nepishell.shell.guard import Guard
from nepishell.shell.history import SharedHistory, SuggestTyped
from nepishell.shell.interrupts import Interrupts
from nepishell.shell.keys import MODES, our_keys
from nepishell.shell.leaving import Answer, Asking
from nepishell.shell.pager import is_long, page, pager
from nepishell.shell.paste import run_block
from nepishell.shell.redrawing import Redraws
from nepishell.shell.terminal import Opener, hand_over
from nepishell.shell.theme import our_style
from nepishell.shell.toolbar import Toolbar

MARK = "nepishell> "
#: Rows kept free below the line for the menu, and rows that everything else needs.
MENU_ROWS, OTHER_ROWS = 8, 4
#: Seconds between two looks at the clock of the toolbar.
CLOCK_S = 1.0
_GONE = (ResourceState.NEW, ResourceState.RELEASED)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _room_for_menu() -> int:
    # a prompt that needs more rows than there are shows nothing but a complaint
    return max(0, min(MENU_ROWS, get_terminal_size().lines - OTHER_ROWS))


def _is_there(given: object) -> bool:
    """Whether the terminal is still there: one that was closed gives nothing but ends."""
    return given is not None or (sys.stdin is not None and os.isatty(sys.stdin.fileno()))


class Prompt:
    """One person at one controller. *terminal*: input and output, for tests."""

    def __init__(
        self,
        ec: ExperimentController,
        signals: Signals,
        terminal: tuple[Input, TerminalOutput] | None = None,
        settings: Settings | None = None,
    ) -> None:
        self._ec = ec
        self._signals = signals
        self._style = style_for(sys.stdout)
        self._write = Gate(_print)
        #: what the person prefers; change it by use()
        self.settings = settings or Settings()
        jobs = Jobs(ec)
        jobs.on_error = self._job_failed
        jobs.on_failed = self._deployment_failed
        self.ctx = Context(
            ec=ec, jobs=jobs, waits=False, confirm=self._confirm, waiting=signals.waiting,
            source=self._source, emit=self._emit, stream=self._stream, attach=self._attach,
        )  # fmt: skip
        self.typed = TypedLines(state_home(), self._write, ec.exp_id)
        self.ctx.typed = self.typed.search
        self.ctx.remember()
        self._interpreter = Interpreter(self.ctx, interactive=True)
        self._sources = Sources(recipe_folders())
        self.guard = Guard(self._write, ec.run_dir / "log.txt")
        self.console = Console(ec, self._write, self._style)
        self._walks = Walks(self._interpreter)
        self._toolbar_guard = self.guard.part("the toolbar")
        self._toolbar = Toolbar(self.ctx, self._toolbar_guard, glyphs=self._style.glyphs)
        self._given = terminal
        self._asking = Asking(terminal)
        self._interrupts = Interrupts(self.ctx, self._write)
        #: what was not run of a block that stopped
        self._left = ""
        self._session = self._make_session()
        self._session.app.before_render += self._fit
        self.use(self.settings)
        self._terminal = get_app_session()
        self._result, self._is_block = "", False
        self._toolbar.redraw = Redraws()
        signals.on_idle = self._leave_prompt

    def _make_session(self) -> PromptSession[str]:
        source, target = self._given or (None, None)
        return PromptSession(
            [("class:prompt", MARK)],
            completer=GrammarCompleter(self._walks, self.guard),
            lexer=GrammarLexer(self._walks, self.guard),
            auto_suggest=SuggestTyped(self.typed, self.guard),
            input_processors=[ArgumentHint(self._walks, self.guard)],
            key_bindings=our_keys(
                self._walks, self.guard, lambda: self._session.default_buffer.document.
                text_before_cursor, self._write,
            ),
            bottom_toolbar=self._bottom,
            history=SharedHistory(self.typed, self._without_secrets),
            cursor=ModalCursorShapeConfig(),
            refresh_interval=CLOCK_S,
            complete_while_typing=True,
            search_ignore_case=True,
            enable_open_in_editor=False,
            include_default_pygments_style=False,
            input=source,
            output=target,
        )  # fmt: skip

    def _fit(self, app: object) -> None:
        # before each drawing: the terminal may have another size now
        self._session.reserve_space_for_menu = _room_for_menu()

    def _bottom(self) -> AnyFormattedText:
        # where it would take the only line, there is none
        shown = self.settings.toolbar and not self._toolbar_guard.is_off
        size = get_terminal_size()
        return self._toolbar(size.columns) if shown and size.lines > 1 else None

    def use(self, settings: Settings) -> None:
        """Edit, colour and show lines by *settings* from now on."""
        self.settings = self.ctx.settings = settings
        self._session.editing_mode = MODES[settings.keys]
        self._session.style = our_style(settings.theme)
        self._interpreter.aliases = settings.aliases
        self._walks.forget()

    def perform(self, line: str) -> None:
        """Perform one line and show nothing; raises NepishellError."""
        self._interpreter.run(line)

    def close(self) -> None:
        """No more lines above the prompt."""
        self.console.close()
        self._toolbar.close()
        self.typed.close()

    def _without_secrets(self, line: str) -> str:
        with self.guard:
            return masked(line, self._interpreter.walk(line).secrets)
        return ""

    # -- the loop --------------------------------------------------------------------------

    def loop(self) -> None:
        """Read and execute until the person leaves; raises Stopped when the terminal goes away."""
        for problem in self._interpreter.extend():
            self._write(problem)
        with above_the_prompt() as above:
            while True:
                self._hear()
                try:
                    text = self._read()
                except KeyboardInterrupt:
                    if not self._session.default_buffer.text:
                        self._interrupts.offer(self._asking.yes, self.execute)
                    continue
                except (EOFError, OSError) as end:
                    if not _is_there(self._given):
                        raise Stopped(signal.SIGHUP) from None
                    if isinstance(end, OSError):
                        raise
                    if self._may_leave():
                        return
                    continue
                finally:
                    above.settle()
                self._interrupts.forget()
                with suppress(Quit):
                    self.execute(text)
                    continue
                if self._may_leave():
                    return

    def _read(self) -> str:
        left, self._left = self._left, ""
        return self._session.prompt(default=left)

    def _hear(self) -> None:
        """Raise Stopped for a signal that came while nothing waited; Ctrl-C came too late."""
        try:
            self._signals.check()
        except Stopped as stopped:
            self._signals.forget()
            if not stopped.is_interrupt:
                raise

    def execute(self, text: str) -> None:
        """Execute what was typed or pasted; the first error stops it. Raises Quit, Stopped."""
        self._result, self._is_block = OK, "\n" in text.strip()
        stop = None
        try:
            stop = run_block(text, self._one)
        finally:
            self.typed.ended(self._result)
        if stop is None:
            return
        if stop.unfinished:
            self.typed.ended(ERROR)
            self._write(stop.unfinished)
        if self._is_block:
            self._write(f"stopped at line {stop.place.line} of {len(text.splitlines())}; what was "
                        f"not run stands below: Enter runs it, Ctrl-C drops it")  # fmt: skip
            self._left = stop.left

    def _one(self, statement: Statement) -> bool:
        """Execute one statement; whether it went well."""
        with self.guard:
            return self._attempt(statement)
        return False

    def _attempt(self, statement: Statement) -> bool:
        try:
            for shown in self._interpreter.run(statement.text):
                self._show(shown, may_page=not self._is_block)
        except Stopped as stopped:
            return self._interrupted(stopped, statement)
        except LangError as problem:
            self._write(f"{self._caret(statement, problem)}{problem.message}")
        except NepishellError as problem:
            self._write(str(problem))
        else:
            return True
        self._result = ERROR
        return False

    def _interrupted(self, stopped: Stopped, statement: Statement) -> bool:
        """Ctrl-C ends a wait; what else ends a wait ends the session."""
        self._signals.forget()
        self._result = INTERRUPTED
        if not stopped.is_interrupt:
            raise stopped
        if self._given is None:
            self._write("^C")  # the terminal itself echoes nothing
        self._interrupts.tell(self._interpreter.walk(statement.text).call)
        return False

    def _caret(self, statement: Statement, problem: LangError) -> str:
        """A caret under the culprit: below the line as typed, or in a block below its line."""
        if len(statement.lines) > 1:
            return ""
        place = statement.place(problem.column)
        lead, shown = len(MARK), ""
        if self._is_block:
            secrets = self._interpreter.secrets(statement.text)
            shown, lead = f"    {hide(statement.source_line(place), secrets)}\n", 4
        return f"{shown}{' ' * (lead + place.column - 1)}^{'~' * (problem.length - 1)}\n"

    # -- showing ---------------------------------------------------------------------------

    def _attach(self, open_: Opener) -> int:
        """Hand the terminal over; our lines wait meanwhile."""
        ahead = "".join(key.data for key in get_typeahead(self._session.input))
        with self._write:
            return hand_over(open_, typed=ahead.encode())

    def _stream(self, text: str) -> None:
        sys.stdout.write(clean(text, lines=True))
        sys.stdout.flush()

    def _show(self, shown: Shown, *, may_page: bool = False) -> None:
        style = style_for(sys.__stdout__ or sys.stdout, theme=self.settings.theme)
        text = render(shown.result, shown.form or "table", style)
        if text and not (may_page and self._is_listing(shown) and self._paged(text)):
            self._write(text)
        if isinstance(shown.result, Output) and shown.result.error:
            raise NepishellError(shown.result.error)

    def _is_listing(self, shown: Shown) -> bool:
        # what a program wrote has been on the screen since it wrote it
        is_table = shown.form in ("", "table") and not isinstance(shown.result, Note)
        return is_table and self.settings.pager and self._given is None

    def _paged(self, text: str) -> bool:
        """Show a long listing in the pager; whether there is one. In the person's thread."""
        argv = pager(os.environ) if is_long(text, get_terminal_size()) else []
        with self._write:
            return bool(argv) and page(argv, text, 1, os.environ)

    def _emit(self, shown: Shown | None) -> None:
        if shown is not None:
            self._show(shown)

    def _deployment_failed(self, job: Job) -> None:
        self.console.say(f"task %{job.number} ({job.line}) failed: {job.error}")

    def _job_failed(self, job: Job, problem: NepishellError) -> None:
        self.console.say(f"task %{job.number} ({job.line}): {problem}")

    # -- asking ----------------------------------------------------------------------------

    def _confirm(self, question: str) -> bool:
        return self._asking.yes(question)

    def _may_leave(self) -> bool:
        deployed = [row.guid for row in self._ec.snapshot().resources if row.state not in _GONE]
        if not deployed:
            return True
        answer = self._asking.leave(self.ctx.names(deployed), deployed)
        if answer is Answer.KEEP:
            answer = self._asking.keep()
        return answer is Answer.RELEASE

    def _leave_prompt(self, stopped: Stopped) -> None:
        """A signal came while a line was being typed; in the main thread."""
        app = self._terminal.app  # the prompt's, or that of a question
        if app is not None and app.is_running and app.loop is not None:
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
