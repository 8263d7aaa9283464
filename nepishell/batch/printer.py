"""Results on standard output, messages and progress on standard error; whole lines only.

Safe from any thread. A reader that goes away (`| head`) is not an error of ours: Gone is raised
then, and by each line after it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TextIO

from nepishell.commands.notes import Note, Output, Shown
from nepishell.output.kinds import clean
from nepishell.output.records import Message, Result
from nepishell.output.render import render
from nepishell.output.style import Style, style_for


class Gone(Exception):
    """Nobody reads our output any more."""


class Printer:
    """*json*: one object or array per line. *verbose*: also what nobody asked for.

    *plain*: no colours, and no line that is painted over.
    """

    def __init__(
        self, out: TextIO, err: TextIO, *, json: bool = False, verbose: bool = False,
        plain: bool = False, quiet: bool = False,
    ) -> None:  # fmt: skip
        """*quiet*: no progress."""
        self._out = out
        self._err = err
        self._json = json
        self._verbose = verbose
        self._lock = Lock()
        self._style: Style = style_for(out, plain=plain)
        self._progress = ""
        self._is_gone = self._is_silent = False
        self.shows_progress = err.isatty() and not plain and not quiet

    @property
    def is_for_people(self) -> bool:
        """Whether a person is at the terminal: reads what is shown, and can type."""
        return bool(
            not self._json and self._out.isatty() and sys.stdin is not None and sys.stdin.isatty()
        )

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Inside, nothing is said and no progress shown: somebody else has the terminal."""
        self.progress("")
        shows, self.shows_progress, self._is_silent = self.shows_progress, False, True
        try:
            yield
        finally:
            self.shows_progress, self._is_silent = shows, False

    def show(self, shown: Shown) -> None:
        """Print a result; raises Gone."""
        if self._json and not shown.form:
            self._write(render(_for_programs(shown.result), "json"))
        elif isinstance(shown.result, Note) and not (shown.result.asked or self._verbose):
            return
        else:
            text = self._text(shown)
            if text:
                self._write(text)

    def _text(self, shown: Shown) -> str:
        if isinstance(shown.result, Message) and not shown.form:
            # a sentence should not cost the loading of tables
            return clean(shown.result.text, lines=True)
        return render(shown.result, shown.form or "table", self._style)

    def say(self, text: str) -> None:
        """A message for people; what it quotes, of hosts or of files, never steers the terminal."""
        if self._is_silent:
            return
        with self._lock:
            self._clear()
            self._err.write(f"{clean(text, lines=True)}\n")
            self._redraw()

    def ask(self, question: str) -> None:
        """Write a question; the cursor stays behind it."""
        with self._lock:
            self._clear()
            self._progress = ""
            self._err.write(clean(question, lines=True))
            self._err.flush()

    @property
    def is_json(self) -> bool:
        """Whether programs read what is printed."""
        return self._json

    def progress(self, text: str) -> None:
        """Replace the line at the bottom; '' takes it away."""
        if not self.shows_progress:
            return
        with self._lock:
            self._clear()
            self._progress = text
            self._redraw()

    def _write(self, text: str) -> None:
        with self._lock:
            if self._is_gone:
                raise Gone
            self._clear()
            try:
                self._out.write(f"{text}\n")
                self._out.flush()
            except BrokenPipeError:
                self._give_up()
                raise Gone from None
            self._redraw()

    def _give_up(self) -> None:
        self._is_gone = True
        # what is buffered would raise again when the interpreter exits
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, self._out.fileno())
        os.close(devnull)

    def _clear(self) -> None:
        if self._progress:
            self._err.write("\r\x1b[K")

    def _redraw(self) -> None:
        if self._progress:
            self._err.write(self._progress)
        self._err.flush()


def _for_programs(result: Result) -> Result:
    match result:
        case Note():
            return result.as_record()
        case Output(records=records):
            return records
    return result
