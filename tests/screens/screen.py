"""A real prompt in a pseudo-terminal, and the screen that a person would see."""

import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pexpect
import pyte
import pytest

PROMPT = "nepishell> "
#: Variables of the environment that a test wants.
MORE: dict[str, str] = {}
#: Keys by what they do.
CTRL_C, CTRL_D, CLEAR, ESCAPE = "\x03", "\x04", "\x15", "\x1b"


class Screen:
    """nepishell at a terminal of *rows* by *columns*; its files are in *folder*.

    *arguments*: of its command line; it must come to a prompt.
    """

    def __init__(
        self, folder: Path, rows: int = 24, columns: int = 80, arguments: tuple[str, ...] = ()
    ) -> None:
        self._pyte = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._pyte)
        environment = {
            "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/bin",
            "HOME": str(folder), **MORE,
        }  # fmt: skip
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "nepishell", *arguments],
            env=environment,
            dimensions=(rows, columns),
        )
        self.child.delaybeforesend = None
        self.until(lambda: self.line == PROMPT.rstrip())

    @property
    def lines(self) -> list[str]:
        """The rows, without the blanks at their ends."""
        return [line.rstrip() for line in self._pyte.display]

    @property
    def line(self) -> str:
        """The row with the cursor."""
        return self.lines[self._pyte.cursor.y]

    def colour(self, text: str) -> str:
        """The colour of the last place where *text* stands."""
        for row in reversed(range(self._pyte.lines)):
            column = self.lines[row].rfind(text)
            if column >= 0:
                return str(self._pyte.buffer[row][column].fg)
        return pytest.fail(f"no '{text}' on the screen:\n{self}")

    def until(self, is_so: Callable[[], bool], seconds: float = 20.0) -> None:
        """Read from the terminal until the screen is as wanted; fails with the screen."""
        deadline = monotonic() + seconds  # the clock of the toolbar ticks: something always comes
        while not is_so():
            try:
                data = self.child.read_nonblocking(4096, timeout=max(0, deadline - monotonic()))
            except (pexpect.TIMEOUT, pexpect.EOF) as problem:
                pytest.fail(f"{type(problem).__name__}; the screen:\n{self}")
            self._stream.feed(data)
            if b"\x1b[6n" in data:  # prompt_toolkit asks where the cursor is; a terminal answers
                cursor = self._pyte.cursor
                self.child.send(f"\x1b[{cursor.y + 1};{cursor.x + 1}R")

    def sees(self, text: str) -> None:
        """Read until a row has *text*."""
        self.until(lambda: any(text in line for line in self.lines))

    def misses(self, text: str) -> None:
        """Read until no row has *text* any more."""
        self.until(lambda: not any(text in line for line in self.lines))

    def types(self, keys: str) -> None:
        """Press *keys*, and wait until they stand at the prompt."""
        self.presses(keys)
        self.until(lambda: self.line.startswith(PROMPT + keys))

    def types_over(self, keys: str) -> None:
        """Clear the line, and type *keys*."""
        self.presses(CLEAR)
        self.types(keys)

    def enters(self, line: str) -> None:
        """Type a line and Enter."""
        self.presses(f"{line}\r")

    def presses(self, keys: str) -> None:
        """Press *keys*, whatever they do."""
        self.child.send(keys)

    def resizes(self, rows: int, columns: int) -> None:
        """The window gets another size."""
        self._pyte.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def leaves(self) -> int:
        """Clear the line and press Ctrl-D; the exit status."""
        self.presses(CLEAR)
        self.until(lambda: self.line == PROMPT.rstrip())
        self.presses(CTRL_D)
        return self.ends()

    def ends(self) -> int:
        """The exit status, once the program has ended."""
        self.child.expect(pexpect.EOF)
        self.child.wait()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)

    def __str__(self) -> str:
        return "\n".join(line for line in self.lines if line)
