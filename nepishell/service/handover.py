"""Taking a run over from a prompt that lets go of it: the other half of `detach`.

We are started while the other still serves, so that all is loaded; we begin when a pipe ends,
which is when it has let go, and tell what we found over another pipe.
"""

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from nepishell.commands.handing_over import READY
from nepishell.core.errors import NepishellError


@dataclass
class Given:
    """What the journal does not have."""

    parameters: dict[str, str] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)


def await_end(after: int) -> Given:
    """Block until the pipe *after* ends (-1: there is none); what came over it."""
    if after < 0:
        return Given()
    with os.fdopen(after, "rb") as pipe:
        told = pipe.read()
    try:
        found = json.loads(told or b"{}")
        return Given({str(k): str(v) for k, v in found.get("parameters", {}).items()},
                     set(found.get("declared", ())))  # fmt: skip
    except (ValueError, AttributeError, TypeError):
        return Given()


def await_lock(journal: Path) -> None:
    """Block until nobody writes *journal*.

    By its pipe we know that the other has turned into another program; the kernel may still be
    closing what else it had open.
    """
    with suppress(OSError), journal.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)


class Teller:
    """Says lines over the pipe *number* (-1: nobody listens), and what was raised inside a with."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __call__(self, line: str) -> None:
        """One line."""
        if self._number >= 0:
            with suppress(OSError):
                os.write(self._number, f"{line}\n".encode())

    def ready(self) -> None:
        """All is loaded."""
        self(READY.decode().rstrip())

    def close(self) -> None:
        """Whoever listens has heard all. Idempotent."""
        number, self._number = self._number, -1
        if number >= 0:
            os.close(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(problem, NepishellError):
            self(f"nepishell: {problem}")
        self.close()
