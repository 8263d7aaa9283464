"""What did not fit the screen goes to log.txt of the run, made when there is something to say.

How much of it is told to people as it happens is a level; the file has it in any case.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: From all to only what went wrong.
LEVELS = ("debug", "info", "warning", "error")
_LOGGER = logging.getLogger("nepishell")


class Told:
    """What is told unasked: all of at least *level*. Read by any thread, changed by the person's.

    debug: each state; info: who is READY, STARTED or further; error: only what went wrong.
    """

    def __init__(self, level: str = "warning") -> None:
        self.level = level
        # asked for each event
        self._below = _below(level)
        self._followers = 0

    def choose(self, level: str) -> None:
        """Tell from *level* on; the file has more, and with 'debug' all."""
        self.level = level
        self._below = _below(level)
        _LOGGER.setLevel(logging.DEBUG if level == "debug" else logging.INFO)

    def covers(self, level: str) -> bool:
        """Whether what has *level* is told; never while somebody follows all of it anyway."""
        return not self._followers and level not in self._below

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Inside, nothing is told unasked: somebody sees it all."""
        self._followers += 1
        try:
            yield
        finally:
            self._followers -= 1


def _below(level: str) -> frozenset[str]:
    return frozenset(LEVELS[: LEVELS.index(level)])


class RunLog(logging.Handler):
    """Writes the records of nepishell's loggers to a file, opened at the first of them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._file: logging.FileHandler | None = None
        self._level_before = _LOGGER.level

    def __enter__(self) -> "RunLog":
        _LOGGER.addHandler(self)
        # a terminal is for results and messages; whoever wants more reads the file
        _LOGGER.propagate = False
        self._level_before = _LOGGER.level
        _LOGGER.setLevel(logging.INFO)
        return self

    def __exit__(self, *exc: object) -> None:
        _LOGGER.removeHandler(self)
        _LOGGER.propagate = True
        _LOGGER.setLevel(self._level_before)
        self.close()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = logging.FileHandler(self.path, encoding="utf-8")
                self._file.setFormatter(self.formatter)
            self._file.emit(record)
        except OSError:
            # a full disk must not end an experiment
            self.setLevel(logging.CRITICAL + 1)

    def close(self) -> None:
        """Close the file; idempotent."""
        if self._file is not None:
            self._file.close()
            self._file = None
        super().close()
