"""The lines typed before, as prompt_toolkit asks for them: Up, Ctrl-R, and the dim suggestion."""

from collections.abc import AsyncGenerator, Callable, Iterable

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.history import History

from nepishell.commands.typed import TypedLines
from nepishell.shell.guard import Guard


class SharedHistory(History):
    """This session's lines first, then those of others; *mask* takes the secrets out of a line."""

    def __init__(self, lines: TypedLines, mask: Callable[[str], str]) -> None:
        super().__init__()
        self._lines = lines
        self._mask = mask

    async def load(self) -> AsyncGenerator[str, None]:
        """Newest first; asked before each prompt."""
        for line in self.load_history_strings():
            yield line

    def load_history_strings(self) -> Iterable[str]:
        """Newest first."""
        return self._lines.recent()

    def get_strings(self) -> list[str]:
        """Oldest first."""
        return self._lines.recent()[::-1]

    def append_string(self, string: str) -> None:
        """Remember a line; one that begins with a blank only for this session."""
        self.store_string(string)

    def store_string(self, string: str) -> None:
        """Remember a line; one that begins with a blank only for this session."""
        self._lines.add(self._mask(string), keep=not string.startswith(" "))


class SuggestTyped(AutoSuggest):
    """The rest of the newest line that begins as this one."""

    def __init__(self, lines: TypedLines, guard: Guard) -> None:
        self._lines = lines
        self._guard = guard.part("the suggestion from history")

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """What Right takes over; None for nothing."""
        text = document.text
        if self._guard.is_off:
            return None
        with self._guard:
            found = self._lines.suggest(text)
            return Suggestion(found[len(text) :]) if found and "\n" not in found else None
        return None
