"""Results on the person's screen: in the colours chosen, and paged where they are long."""

import os
from collections.abc import Callable

from nepishell.commands.notes import Note, Output, Shown
from nepishell.commands.settings import Settings
from nepishell.core.errors import NepishellError
from nepishell.output.kinds import clean
from nepishell.output.render import render
from nepishell.output.style import Style
from nepishell.shell.gate import Gate
from nepishell.shell.pager import is_long, page, pager
from nepishell.shell.screen import Screen


class Showing:
    """*write*: shows lines on *screen*. *may_page*: whether the terminal is a person's."""

    def __init__(
        self, screen: Screen, write: Gate, settings: Callable[[], Settings], *, may_page: bool
    ) -> None:
        self._screen = screen
        self._write = write
        self._settings = settings
        self._may_page = may_page

    @property
    def style(self) -> Style:
        """What the terminal can show now, in the theme that was chosen."""
        return self._screen.style(self._settings().theme)

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
        stream = self._screen.stream
        stream.write(clean(text, lines=True))
        stream.flush()

    def _is_listing(self, shown: Shown) -> bool:
        # what a program wrote has been on the screen since it wrote it
        is_table = shown.form in ("", "table") and not isinstance(shown.result, Note)
        return is_table and self._settings().pager and self._may_page

    def _page(self, text: str) -> bool:
        """Show a long listing in the pager; whether there is one. In the person's thread."""
        argv = pager(os.environ) if is_long(text, self._screen.size()) else []
        with self._write:
            return bool(argv) and page(argv, text, 1, os.environ)
