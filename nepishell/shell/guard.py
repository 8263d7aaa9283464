"""A mistake of ours in a callback may cost a hint, never the prompt."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from nepishell.commands.bugs import report


class Guard:
    """`with guard: ...` swallows what should not have been raised, and has it reported.

    *tell*: shows a line to the user; told at most *most* times, since a callback that fails does so
    at every key. *log*: the file for the traceback.
    """

    def __init__(self, tell: Callable[[str], None], log: Path, most: int = 3) -> None:
        self._tell = tell
        self._log = log
        self._left = most

    def __enter__(self) -> "Guard":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if problem is None or not isinstance(problem, Exception):
            return False
        if self._left > 0:
            self._left -= 1
            self._tell(report(problem, self._log))
        return True
