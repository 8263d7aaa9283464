"""Where one prompt reads and shows: the terminal of this program, or one that was lent to it."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from shutil import get_terminal_size
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.output import Output

from nepishell.output.style import Style, style_for
from nepishell.shell.above import Above, above_the_prompt


class Screen:
    """The terminal of this program."""

    #: whether programs of ours may be started on it as on our own
    is_ours = True
    #: whether it is only written on, line by line
    is_plain = False

    @property
    def canvas(self) -> Output | None:
        """Where prompts are painted; None: on the output of the session."""
        return None

    def follow(self, session: PromptSession[str], mask: Callable[[str], str]) -> None:
        """Show what is typed in *session* by other means than painting, if there are any."""

    @property
    def stream(self) -> TextIO:
        """What is written there appears above a prompt that is up."""
        return sys.stdout

    @property
    def is_there(self) -> bool:
        """Whether the terminal is still there: one that was closed gives nothing but ends."""
        return sys.stdin is not None and os.isatty(sys.stdin.fileno())

    def size(self) -> os.terminal_size:
        """Columns and lines, now."""
        return get_terminal_size()

    def style(self, theme: str) -> Style:
        """What it can show."""
        return style_for(sys.__stdout__ or sys.stdout, theme=theme)

    def write_line(self, text: str) -> None:
        """One text and the end of its line, at once."""
        self.stream.write(f"{text}\n")
        self.stream.flush()

    def covered(self) -> AbstractContextManager[Above]:
        """Inside, what is written waits for its place above the prompt."""
        return above_the_prompt()


class LentScreen(Screen):
    """A terminal that another program has lent us; our standard streams are not concerned.

    Make it, and use covered(), in the session of the prompt.
    """

    is_ours = False

    def __init__(self, source: TextIO, target: TextIO, environ: Mapping[str, str]) -> None:
        self._source = source
        self._target = target
        self._environ = environ
        self._above = Above()

    @property
    def stream(self) -> TextIO:
        """What is written there appears above a prompt that is up."""
        return self._above  # type: ignore[return-value]

    @property
    def is_there(self) -> bool:
        """Whether the terminal is still there."""
        return os.isatty(self._source.fileno())

    def size(self) -> os.terminal_size:
        """Columns and lines, now."""
        try:
            found = os.get_terminal_size(self._target.fileno())
        except OSError:
            found = os.terminal_size((0, 0))
        return os.terminal_size((found.columns or 80, found.lines or 24))

    def style(self, theme: str) -> Style:
        """What it can show, by the environment of who lent it."""
        found = style_for(self._target, self._environ, theme=theme)
        return replace(found, width=self.size().columns) if found.width else found

    @contextmanager
    def covered(self) -> Iterator[Above]:
        """Inside, what is written waits for its place above the prompt."""
        try:
            yield self._above
        finally:
            self._above.settle()
