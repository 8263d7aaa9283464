"""Reads lines from a person and executes them, while the experiment goes on.

Ctrl-C clears the line, or ends a wait; Ctrl-D leaves, after asking when something is deployed. A
terminal that goes away raises Stopped out of whatever waits for it.
"""

import signal
from threading import Thread

from prompt_toolkit.application.current import get_app_session
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output

from nepishell.commands.context import Context, Detach, Quit, Shutdown
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.interruptions import Interruptions
from nepishell.commands.job import Job
from nepishell.commands.jobs import Jobs
from nepishell.commands.logs import Told
from nepishell.commands.marking import GoOn
from nepishell.commands.next_step import next_step
from nepishell.commands.places import state_home
from nepishell.commands.settings import Settings
from nepishell.commands.sharing import Seat, Shared
from nepishell.commands.signals import Signals, Stopped
from nepishell.commands.typed import TypedLines
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.lang.secrets import masked
from nepishell.output.cells import wrapped
from nepishell.shell.adapters import Walks
from nepishell.shell.console import Console
from nepishell.shell.executing import Executor
from nepishell.shell.gate import Gate
from nepishell.shell.gathering import Gathering
from nepishell.shell.guard import Guard
from nepishell.shell.interrupts import Interrupts
from nepishell.shell.leaving import Answer, Asking
from nepishell.shell.reading import PAUSED_MARK, LineReader
from nepishell.shell.redrawing import Redraws
from nepishell.shell.screen import Screen
from nepishell.shell.showing import Showing
from nepishell.shell.sourcing import Recipes
from nepishell.shell.terminal import Opener, hand_over
from nepishell.shell.toolbar import Toolbar

_GONE = (ResourceState.NEW, ResourceState.RELEASED)


class Prompt:
    """One person at one controller. *terminal*: input and output, for tests.

    *shared*: what it has in common with others at the same run, where *seat* is its place.
    """

    def __init__(
        self,
        ec: ExperimentController,
        signals: Signals | Interruptions,
        terminal: tuple[Input, Output] | None = None,
        settings: Settings | None = None,
        screen: Screen | None = None,
        shared: tuple[Shared, Seat] | None = None,
    ) -> None:
        self._ec = ec
        self._signals = signals
        self._screen = screen or Screen()
        style = self._screen.style("default")
        self._write = Gate(self._screen.write_line)
        #: what the person prefers; change it by use()
        self.settings = settings or Settings()
        self._showing = Showing(self._screen, self._write, lambda: self.settings,
                                may_page=terminal is None and self._screen.is_ours
                                and not self._screen.is_plain)  # fmt: skip
        self.ctx = Context(
            ec=ec, jobs=Jobs(ec), waits=False, confirm=self._confirm, waiting=signals.waiting,
            emit=self._showing.emit, stream=self._showing.stream, attach=self._attach,
            told=Told("info"), style=lambda: self._showing.style,
        )  # fmt: skip
        #: how the person left, where it was not by `quit`
        self.left_by: Quit | None = None
        self.typed = TypedLines(state_home(), self._write, ec.exp_id)
        self.ctx.typed = self.typed.search
        self.ctx.pause = self.pause
        if shared is None:
            self.ctx.jobs.on_error = self._job_failed
            self.ctx.jobs.on_failed = self._deployment_failed
            self.ctx.remember()
        else:
            shared[0].lend(self.ctx, shared[1])
        self._interpreter = Interpreter(self.ctx, interactive=True)
        self.ctx.source = Recipes(self._interpreter, self._showing.show)
        self.guard = Guard(self._write, ec.run_dir / "log.txt")
        self.console = Console(ec, self._write, style, self.ctx.told)
        self._toolbar = Toolbar(self.ctx, self.guard, glyphs=style.glyphs)
        self._asking = Asking(terminal, self._screen)
        self._interrupts = Interrupts(self.ctx, self._write)
        self._executor = Executor(
            self._interpreter, signals, self.typed, self.guard, self._showing, self._interrupts,
            self._write, echoes=terminal is not None,
        )  # fmt: skip
        self._walks = Walks(self._interpreter)
        #: reads what is typed
        self.reader = LineReader(
            self._walks, self.guard, self._toolbar, self.typed, self._without_secrets, self._write,
            self._screen, terminal,
        )  # fmt: skip
        self.gathering = Gathering(self.reader, self.ctx, self._walks.forget)
        self._suggested = ""
        self._extending = Thread(target=self._extend, name="nepishell-extending", daemon=True)
        self.use(self.settings)
        self._terminal = get_app_session()
        self._toolbar.redraw = Redraws()
        #: hands the terminal over to a program
        self.lent = hand_over
        signals.on_idle = self._leave_prompt

    def use(self, settings: Settings) -> None:
        """Edit, colour and show lines by *settings* from now on."""
        self.settings = self.ctx.settings = settings
        self.reader.use(settings)
        self.console.style = self._showing.style
        self._interpreter.aliases = settings.aliases
        self._walks.forget()

    def perform(self, line: str) -> None:
        """Perform one line and show nothing; raises NepishellError."""
        self._interpreter.run(line)

    def told_by_others(self, line: str) -> None:
        """Show what somebody else at this run did; from any thread."""
        self.console.say(line)
        self._toolbar.redraw()

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
        # what is installed is looked through while the person reads the first lines
        self.reader.when_shown(self._extending.start)
        with self._screen.covered() as self._above:
            self._read_on()

    def serve_pause(self, text: str) -> None:
        """Be the prompt of a recipe that has paused, until the person goes on; raises Quit."""
        self.reader.when_shown(self._extending.start)
        with self._screen.covered() as self._above:
            self.pause(text)

    def pause(self, text: str) -> None:
        """Let the person act in the middle of a recipe, until they go on; raises Quit when they
        leave it.
        """
        ctx, mark = self.ctx, self.reader.mark
        before = ctx.waits, ctx.is_paused
        ctx.waits, ctx.is_paused, self.reader.mark = False, True, PAUSED_MARK
        self._write(f"{text or 'paused'}: 'continue' goes on, 'quit' ends the recipe")
        try:
            self._read_on()
        finally:
            (ctx.waits, ctx.is_paused), self.reader.mark = before, mark

    def _read_on(self) -> None:
        while True:
            self._hear()
            try:
                text = self.gathering.whole(self.reader.read(self._executor.take_left()))
            except KeyboardInterrupt:
                if not self.reader.text:
                    self._interrupts.offer(self._asking.yes, self.execute)
                continue
            except (EOFError, OSError) as end:
                if not self.reader.is_there:
                    raise Stopped(signal.SIGHUP) from None
                if isinstance(end, OSError):
                    raise
                if self.ctx.is_paused or self._may_leave():
                    return
                continue
            finally:
                self._above.settle()
            self._interrupts.forget()
            try:
                self.execute(text)
                continue
            except GoOn:
                return
            except (Detach, Shutdown) as leaving:
                self.left_by = leaving
                return
            except Quit:
                if self.ctx.is_paused:
                    raise
            if self._may_leave():
                return

    def _extend(self) -> None:
        """Take in what other packages offer; in a thread of its own."""
        with self.guard:
            for problem in self._interpreter.extend():
                self._write(problem)
            self._walks.forget()

    def _suggest(self) -> None:
        """Nothing was typed: say what could be, not the same twice in a row."""
        with self.guard:
            suggested, self._suggested = self._suggested, next_step(self.ctx)
            style = self._showing.style
            if self._suggested != suggested:
                self._write(style.paint(wrapped(self._suggested, "", style), "dim"))

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
        if self._extending.is_alive():
            self._extending.join()
        if text.strip():
            self._executor.execute(text)
        else:
            self._suggest()

    # -- what commands ask of a prompt ---------------------------------------------------------

    def _attach(self, open_: Opener) -> int:
        """Hand the terminal over; our lines wait meanwhile."""
        with self._write:
            return self.lent(open_, typed=self.reader.typed_ahead())

    def _deployment_failed(self, job: Job) -> None:
        self.console.say(f"task %{job.number} ({job.line}) failed: {job.error}")

    def _job_failed(self, job: Job, problem: NepishellError) -> None:
        self.console.say(f"task %{job.number} ({job.line}): {problem}")

    def _confirm(self, question: str) -> bool:
        return self._asking.yes(question)

    # -- leaving ---------------------------------------------------------------------------

    def _may_leave(self) -> bool:
        # what is shared goes on without us
        if self.ctx.opened is not None or self.ctx.seat is not None:
            return True
        deployed = [row.guid for row in self._ec.snapshot().resources if row.state not in _GONE]
        if not deployed:
            return True
        answer = self._asking.leave(self.ctx.names(deployed), deployed)
        return self._may_detach() if answer is Answer.KEEP else answer is Answer.RELEASE

    def _may_detach(self) -> bool:
        try:
            if self.ctx.leave is not None:
                self.ctx.leave()
                self.left_by = Detach()
        except NepishellError as problem:
            self._write(str(problem))
        return self.left_by is not None

    def _leave_prompt(self, stopped: Stopped) -> None:
        """A signal came while a line was being typed; in the main thread."""
        app = self._terminal.app  # the prompt's, or that of a question
        if app is not None and app.is_running and app.loop is not None:
            app.loop.call_soon_threadsafe(lambda: app.exit(exception=stopped))
