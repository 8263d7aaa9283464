"""Taking a run over from a controller that lets go of it: the other half of `detach`.

It is started while the other still serves, so that all is loaded; it begins when a pipe ends, which
is when the other has let go, and tells what it found over another pipe.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from nepishell.core.errors import NepishellError

#: What is said first: all is loaded.
READY = "ready"


def await_end(after: int) -> None:
    """Block until the pipe *after* ends (-1: there is none)."""
    if after < 0:
        return
    while os.read(after, 64):
        pass
    os.close(after)


@contextmanager
def telling(number: int) -> Iterator[Callable[[str], None]]:
    """A function that says a line over the pipe *number* (-1: nobody listens); closed in the end.

    What is raised inside is told, too.
    """

    def tell(line: str) -> None:
        if number >= 0:
            with suppress(OSError):
                os.write(number, f"{line}\n".encode())

    try:
        yield tell
    except NepishellError as problem:
        tell(f"nepishell: {problem}")
        raise
