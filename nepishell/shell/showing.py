"""Results on the person's screen: in the colours chosen, and paged where they are long."""

import os
import sys
from collections.abc import Callable
from shutil import get_terminal_size

from nepishell.commands.notes import Note, Output, Shown
from nepishell.commands.settings import Settings
from nepishell.core.errors import NepishellError
from nepishell.output.kinds import clean
from nepishell.output.render import render
from nepishell.output.style import Style, style_for
from nepishell.shell.gate import Gate
from nepishell.shell.pager import is_long, page, pager


def write_line(text: str) -> None:
    """One text and the end of its line on standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Showing:
    """*write*: shows lines. *may_page*: whether the terminal is a person's."""

    def __init__(self, write: Gate, settings: Callable[[], Settings], *, may_page: bool) -> None:
        self._write = write
        self._settings = settings
        self._may_page = may_page

    @property
    def style(self) -> Style:
        """What the terminal can show now, in the theme that was chosen."""
        return style_for(sys.__stdout__ or sys.stdout, theme=self._settings().theme)

    def show(self, shown: Shown, *, paged: bool = False) -> None:
        """Show a result; raises NepishellError where it holds one. *paged*: it may be paged."""
        text = render(shown.result, shown.form or "table", self.style)
        if text and not (paged and self._is_listing(shown) and self._page(text)):
            self._write(text)
        if isinstance(shown.result, Output) and shown.result.error:
            raise NepishellError(shown.result.error)

    def emit(self, shown: Shown | None) -> None:
        """Show what came of something that went on by itself."""
        if shown is not None:
            self.show(shown)

    def stream(self, text: str) -> None:
        """What a program writes, while it writes it."""
        sys.stdout.write(clean(text, lines=True))
        sys.stdout.flush()

    def _is_listing(self, shown: Shown) -> bool:
        # what a program wrote has been on the screen since it wrote it
        is_table = shown.form in ("", "table") and not isinstance(shown.result, Note)
        return is_table and self._settings().pager and self._may_page

    def _page(self, text: str) -> bool:
        """Show a long listing in the pager; whether there is one. In the person's thread."""
        argv = pager(os.environ) if is_long(text, get_terminal_size()) else []
        with self._write:
            return bool(argv) and page(argv, text, 1, os.environ)
