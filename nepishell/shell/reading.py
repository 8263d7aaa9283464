"""The line that is typed: its menu, colours, hint, keys and toolbar, put together once."""

from collections.abc import Callable

from prompt_toolkit import PromptSession
from prompt_toolkit.cursor_shapes import ModalCursorShapeConfig
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.formatted_text import AnyFormattedText
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.output import Output

from nepishell.commands.settings import Settings
from nepishell.commands.typed import TypedLines
from nepishell.shell.adapters import ArgumentHint, GrammarCompleter, GrammarLexer, Walks
from nepishell.shell.guard import Guard
from nepishell.shell.history import SharedHistory, SuggestTyped
from nepishell.shell.keys import MODES, our_keys
from nepishell.shell.plain import complete_by_tab
from nepishell.shell.screen import Screen
from nepishell.shell.theme import our_style
from nepishell.shell.toolbar import Toolbar

MARK = "nepishell> "
#: Where a run of the past is looked at; as wide, for the carets below a line.
PAST_MARK = "the past > "
#: Where a recipe has paused.
PAUSED_MARK = "paused   > "
#: Where a block that was begun goes on.
MORE = "       ... "
#: Rows kept free below the line for the menu, and rows that everything else needs.
MENU_ROWS, OTHER_ROWS = 8, 4
#: Seconds between two looks at the clock of the toolbar.
CLOCK_S = 1.0


def _room_for_menu(lines: int) -> int:
    # a prompt that needs more rows than there are shows nothing but a complaint
    return max(0, min(MENU_ROWS, lines - OTHER_ROWS))


class LineReader:
    """Reads lines from a person. *terminal*: input and output, for tests.

    *mask* takes the secrets out of a line; *write* prints above the prompt.
    """

    def __init__(
        self,
        walks: Walks,
        guard: Guard,
        toolbar: Toolbar,
        typed: TypedLines,
        mask: Callable[[str], str],
        write: Callable[[str], None],
        screen: Screen,
        terminal: tuple[Input, Output] | None = None,
    ) -> None:
        self._screen = screen
        self._toolbar = toolbar
        self._given = terminal
        self._has_toolbar = True
        source, target = terminal or (None, screen.canvas)
        keys = our_keys(walks, guard, self._before_cursor, write)
        if screen.is_plain:
            complete_by_tab(keys, lambda: walks.of(self._before_cursor()).candidates(), write)
        painted = not screen.is_plain
        self._session: PromptSession[str] = PromptSession(
            [("class:prompt", MARK)],
            completer=GrammarCompleter(walks, guard) if painted else None,
            lexer=GrammarLexer(walks, guard) if painted else None,
            auto_suggest=SuggestTyped(typed, guard) if painted else None,
            input_processors=[ArgumentHint(walks, guard)],
            key_bindings=keys,
            bottom_toolbar=self.bottom if painted else None,
            history=SharedHistory(typed, mask),
            cursor=ModalCursorShapeConfig(),
            refresh_interval=CLOCK_S if painted else 0,
            complete_while_typing=painted,
            search_ignore_case=True,
            enable_open_in_editor=False,
            include_default_pygments_style=False,
            input=source,
            output=target,
        )
        self._mark = MARK
        screen.follow(self._session, mask)
        self._session.app.before_render += self._fit

    def use(self, settings: Settings) -> None:
        """Edit and colour lines by *settings* from now on."""
        self._session.editing_mode = MODES[settings.keys]
        self._session.style = our_style(settings.theme)
        self._has_toolbar = settings.toolbar

    def when_shown(self, act: Callable[[], None]) -> None:
        """Call *act* once, when the first prompt stands on the screen."""
        shown = self._session.app.after_render

        def once(app: object) -> None:
            shown.remove_handler(once)
            act()

        shown += once

    def read(self, begun: str = "") -> str:
        """A line, which may begin as *begun*.

        Raises KeyboardInterrupt and EOFError for Ctrl-C and Ctrl-D, and OSError.
        """
        return self._session.prompt(default=begun)

    def read_more(self) -> str:
        """A line that goes on what was begun; raises as read() does."""
        mark, self.mark = self.mark, MORE
        try:
            return self._session.prompt(default="")
        finally:
            self.mark = mark

    @property
    def text(self) -> str:
        """What stands at the prompt, or stood there at its end."""
        return self._session.default_buffer.text

    @property
    def mode(self) -> EditingMode:
        """Whose keys edit the line."""
        return self._session.editing_mode

    @property
    def mark(self) -> str:
        """What stands before each line."""
        return self._mark

    @mark.setter
    def mark(self, mark: str) -> None:
        self._mark = mark
        self._session.message = [("class:prompt", mark)]

    @property
    def is_there(self) -> bool:
        """Whether the terminal is still there: one that was closed gives nothing but ends."""
        return self._given is not None or self._screen.is_there

    def typed_ahead(self) -> bytes:
        """Keys that were read from the terminal and belong to no line yet; they are forgotten."""
        return "".join(key.data for key in get_typeahead(self._session.input)).encode()

    def _before_cursor(self) -> str:
        return self._session.default_buffer.document.text_before_cursor

    def _fit(self, app: object) -> None:
        # before each drawing: the terminal may have another size now
        self._session.reserve_space_for_menu = _room_for_menu(self._screen.size().lines)

    def bottom(self) -> AnyFormattedText:
        """The toolbar, where there is room and wish for it."""
        size = self._screen.size()
        # where it would take the only line, there is none
        shown = self._has_toolbar and not self._toolbar.is_off and size.lines > 1
        return self._toolbar(size.columns) if shown else None
