"""What did not fit the screen goes to log.txt of the run, made when there is something to say."""

import logging
from pathlib import Path


class RunLog(logging.Handler):
    """Writes the records of nepishell's loggers to a file, opened at the first of them."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.WARNING)
        self.path = path
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._file: logging.FileHandler | None = None
        self._logger = logging.getLogger("nepishell")

    def __enter__(self) -> "RunLog":
        self._logger.addHandler(self)
        # a terminal is for results and messages; whoever wants more reads the file
        self._logger.propagate = False
        return self

    def __exit__(self, *exc: object) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = True
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
