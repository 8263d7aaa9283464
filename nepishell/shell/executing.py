"""Executes what a person typed or pasted, and says what was wrong with it, and where."""

from collections.abc import Callable

from nepishell.commands.interpreter import Interpreter
from nepishell.commands.interruptions import Interruptions
from nepishell.commands.places import recipe_folders
from nepishell.commands.signals import Signals, Stopped
from nepishell.commands.typed import ERROR, INTERRUPTED, OK, TypedLines
from nepishell.core.errors import NepishellError
from nepishell.lang.errors import LangError
from nepishell.lang.secrets import hide
from nepishell.output.cells import hung
from nepishell.replay.reader import Statement
from nepishell.replay.script import Script
from nepishell.replay.sources import Sources
from nepishell.shell.guard import Guard
from nepishell.shell.interrupts import Interrupts
from nepishell.shell.paste import run_block
from nepishell.shell.reading import MARK
from nepishell.shell.showing import Showing


class Executor:
    """*write*: shows lines; *echoes*: whether the terminal shows a Ctrl-C by itself."""

    def __init__(
        self,
        interpreter: Interpreter,
        signals: Signals | Interruptions,
        typed: TypedLines,
        guard: Guard,
        showing: Showing,
        interrupts: Interrupts,
        write: Callable[[str], None],
        *,
        echoes: bool,
    ) -> None:
        self._interpreter = interpreter
        self._script = Script(interpreter, Sources(recipe_folders()))
        self._signals = signals
        self._typed = typed
        self._guard = guard
        self._showing = showing
        self._interrupts = interrupts
        self._write = write
        self._echoes = echoes
        self._result, self._is_block = OK, False
        #: what was not run of a block that stopped
        self._left = ""

    def take_left(self) -> str:
        """What was not run of a block that stopped; '' from then on."""
        left, self._left = self._left, ""
        return left

    def execute(self, text: str) -> None:
        """Execute what was typed or pasted; the first error stops it. Raises Quit, Stopped."""
        before = self._result, self._is_block
        self._result, self._is_block = OK, "\n" in text.strip()
        stop = None
        try:
            stop = run_block(text, self._one, self._script)
        finally:
            self._typed.ended(self._result)
            is_block = self._is_block
            # a recipe that has paused is in the middle of another
            self._result, self._is_block = before
        if stop is None:
            return
        if stop.unfinished:
            self._typed.ended(ERROR)
            self._write(stop.unfinished)
        if is_block:
            self._write(f"stopped at line {stop.place.line} of {len(text.splitlines())}; what was "
                        f"not run stands below: Enter runs it, Ctrl-C drops it")  # fmt: skip
            self._left = stop.left

    def _one(self, statement: Statement) -> bool:
        """Execute one statement; whether it went well."""
        with self._guard:
            return self._attempt(statement)
        return False

    def _attempt(self, statement: Statement) -> bool:
        try:
            for shown in self._interpreter.run(statement.text):
                self._showing.show(shown, paged=not self._is_block)
        except Stopped as stopped:
            return self._interrupted(stopped, statement)
        except LangError as problem:
            self._write(f"{self._caret(statement, problem)}{self._fitted(problem.message)}")
        except NepishellError as problem:
            self._write(self._fitted(str(problem)))
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
        if not self._echoes:
            self._write("^C")
        self._interrupts.tell(self._interpreter.walk(statement.text).call)
        return False

    def _fitted(self, text: str) -> str:
        """*text* in lines that the window does not break inside a word."""
        columns = self._showing.style.width
        return hung(text, columns) if columns else text

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
