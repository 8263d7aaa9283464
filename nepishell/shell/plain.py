"""A prompt without colours, menu and toolbar, on which nothing is ever painted over.

For terminals that can do no more, for screen readers, and for who likes it so. prompt_toolkit
paints for nobody; what stands in its line is written key by key. What cannot be shown by writing
on, or by stepping back over the end of the line, is written anew on the next one.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from shutil import get_terminal_size
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import fragment_list_to_text, to_formatted_text
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import DummyOutput, Output

from nepishell.lang.complete import Completion
from nepishell.output.cells import width
from nepishell.output.style import Style
from nepishell.shell.screen import Screen

#: Values of TERM for terminals that only write on.
DUMB = ("", "dumb", "unknown")
#: Entries that Tab lists.
LISTED = 30


class PlainOutput(DummyOutput):
    """What is written above the line that is typed, and that line, on *target*."""

    def __init__(self, target: TextIO) -> None:
        self._target = target
        #: the line as it stands on the screen; None: there is none
        self._line: str | None = None

    def write_raw(self, data: str) -> None:
        """Lines above the one that is typed, which is written anew below them."""
        line, self._line = self._line, None
        self._put(f"\n{data}" if line else data)
        if line is not None:
            self.show(line)

    def show(self, line: str) -> None:
        """The line that is typed is *line* now."""
        old, self._line = self._line, line
        if old is None or line == old:
            self._put(line if old is None else "")
        elif line.startswith(old):
            self._put(line[len(old) :])
        elif old.startswith(line) and width(old) < get_terminal_size().columns:
            gone = width(old[len(line) :])
            self._put("\b" * gone + " " * gone + "\b" * gone)
        else:
            self._put(f"\n{line}")

    def end(self) -> None:
        """The line was ended."""
        self._line = None
        self._put("\n")

    def fileno(self) -> int:
        """Of the terminal."""
        return self._target.fileno()

    def encoding(self) -> str:
        """Of the terminal."""
        return self._target.encoding

    def _put(self, text: str) -> None:
        # a terminal that was closed: nobody reads it any more
        with suppress(OSError):
            self._target.flush()
            data = text.encode(self.encoding(), "replace")
            while data:
                data = data[os.write(self.fileno(), data) :]


class PlainScreen(Screen):
    """The terminal of this program, written on line by line."""

    is_plain = True

    def __init__(self, output: PlainOutput) -> None:
        self._output = output

    @property
    def canvas(self) -> Output:
        """Nothing: the line is written by follow()."""
        return DummyOutput()

    def style(self, theme: str) -> Style:
        """Text alone, as wide as the window."""
        return Style(width=self.size().columns)

    def follow(self, session: PromptSession[str], mask: Callable[[str], str]) -> None:
        """Show what is typed in *session*, after *mask* took the secrets out."""

        def show(app: Application[str]) -> None:
            asked = fragment_list_to_text(to_formatted_text(session.message))
            text = mask(session.default_buffer.text)
            if app.layout.is_searching:
                asked, text = "search: ", session.search_buffer.text
            self._output.show(asked + text)
            if app.is_done:
                self._output.end()

        session.app.after_render += show


def complete_by_tab(
    keys: KeyBindings,
    candidates: Callable[[], list[Completion]],
    write: Callable[[str], None],
) -> None:
    """Let Tab insert what all *candidates* begin with, or list them by *write*."""

    @keys.add("tab")
    def complete(event: KeyPressEvent) -> None:
        found = candidates()
        if not found:
            return
        before = event.current_buffer.document.text_before_cursor
        typed = before[found[0].start :]
        if len(found) == 1:
            event.current_buffer.delete_before_cursor(len(typed))
            event.current_buffer.insert_text(found[0].text + " " * (not found[0].more))
            return
        common = os.path.commonprefix([each.text for each in found])  # noqa: RUF071 - no paths
        if len(common) > len(typed) and common.startswith(typed):
            event.current_buffer.insert_text(common[len(typed) :])
            return
        more = [f"  ... {len(found) - LISTED} more"] if len(found) > LISTED else []
        lines = [f"  {each.shown}  {each.meta}".rstrip() for each in found[:LISTED]]
        write("\n".join(lines + more))
