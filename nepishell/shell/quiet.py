"""A terminal that never echoes by itself while nepishell has it: only the prompt shows keys.

A key that is pressed between two prompts, or while lines are written above one, is shown once, by
the prompt that reads it, and not also wherever the cursor happens to be.
"""

import termios
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TextIO

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input.vt100 import Vt100Input

#: Where termios.tcgetattr() has the local flags.
_LFLAG = 3


class QuietInput(Vt100Input):
    """Keys of a terminal that stays raw while lines are written above the prompt."""

    def cooked_mode(self) -> AbstractContextManager[None]:
        """Nothing: who writes above the prompt reads nothing, and an echo would be in its way."""
        return nullcontext()


@contextmanager
def quiet(source: TextIO) -> Iterator[None]:
    """Inside, the terminal *source* does not echo, and prompts read it as QuietInput."""
    with silent(source.fileno()), create_app_session(input=QuietInput(source)):
        yield


@contextmanager
def silent(fd: int) -> Iterator[None]:
    """Inside, the terminal *fd* does not echo, and keeps each key for who reads next.

    It would make the end of a file of a Ctrl-D that was pressed between two prompts.
    """
    before = termios.tcgetattr(fd)
    changed = [*before]
    changed[_LFLAG] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(fd, termios.TCSANOW, changed)
    try:
        yield
    finally:
        # a terminal that went away needs nothing any more
        with suppress(termios.error):
            termios.tcsetattr(fd, termios.TCSANOW, before)
