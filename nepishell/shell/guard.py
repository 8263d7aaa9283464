"""A mistake of ours in a callback may cost a hint, never the prompt.

What fails three times is not called any more, which is told in one line; tracebacks go to the log.
"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from nepishell.commands.bugs import report

#: Failures after which a callback is left alone.
MOST = 3


class Guard:
    """`with guard: ...` swallows what should not have been raised, and has it reported.

    *tell*: shows a line to the person. *log*: the file for the traceback. *name*: of a callback
    (see part()); without one, each mistake is told and nothing is ever switched off.
    """

    def __init__(self, tell: Callable[[str], None], log: Path, name: str = "") -> None:
        self._tell = tell
        self._log = log
        self._name = name
        self._failures = 0

    def part(self, name: str) -> "Guard":
        """The guard of one callback."""
        return Guard(self._tell, self._log, name)

    @property
    def is_off(self) -> bool:
        """Whether the callback has failed too often to be called again."""
        return bool(self._name) and self._failures >= MOST

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
        said = report(problem, self._log)
        self._failures += 1
        if not self._name:
            self._tell(said)
        elif self._failures == MOST:
            self._tell(f"{self._name} is switched off, it failed {MOST} times: {said}")
        return True
