"""The lines typed before, in a file that several sessions may append to.

A file that cannot be read or written costs the memory of earlier sessions, nothing else.
"""

from contextlib import suppress
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory


class ForgivingHistory(FileHistory):
    """A history file; a full disk forgets the line, not the session."""

    def store_string(self, string: str) -> None:
        """Append a line to the file, unless it begins with a blank: that one is kept secret."""
        if string.startswith(" "):
            return
        with suppress(OSError):
            super().store_string(string)


def open_history(folder: Path) -> History:
    """The history in *folder*, made if missing and readable by its owner alone."""
    path = folder / "history"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.read_bytes()
    except OSError:
        return InMemoryHistory()
    return ForgivingHistory(str(path))
