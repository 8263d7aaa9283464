"""Letting go of a run at a prompt: another process takes it over, and this one turns into a
farewell.

A program with threads cannot fork, and its shell waits for it. So the other process is started
while all still goes on here, and reads the journal when it is let: at the end of a pipe, which is
the moment at which we turn into another program. No thread of ours lives on then, nothing is
released, and the journal has all that was about to be done.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from nepishell.commands import farewell
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.journal.keeping import RunJournal

#: Where the process that goes on writes what it has to say.
LOG = "serve.log"
#: What it says first: all is loaded.
READY = b"ready\n"
#: Seconds until then.
_PATIENCE_S = 60.0


class Successor:
    """The process that will go on with a run. Raises NepishellError when it cannot be started."""

    def __init__(self, ec: ExperimentController) -> None:
        self._run_id = ec.run_id
        log = ec.run_dir / LOG
        after, self._before_end = os.pipe()
        self._told, tell = os.pipe()
        try:
            self._process = _start(ec.run_id, log, after, tell)
        except OSError as problem:
            self._close(after, tell, self._before_end, self._told)
            why = (problem.strerror or str(problem)).lower()
            raise NepishellError(f"no process can go on with the run: {why}") from None
        self._close(after, tell)
        if not self._is_ready():
            self._close(self._before_end, self._told)
            self._process.kill()
            self._process.wait()
            raise NepishellError(f"no process can go on with the run: see {log}")

    def _is_ready(self) -> bool:
        ready, _, _ = select.select([self._told], [], [], _PATIENCE_S)
        return bool(ready) and os.read(self._told, len(READY)) == READY

    def take(self, journal: RunJournal, state: Mapping[str, object]) -> NoReturn:
        """Let it go on, with what the journal does not have; this process says how it went.

        In the main thread, when the terminal is as it was. Never returns.
        """
        journal.note("detached", {"to": self._process.pid})
        journal.writer.commit()
        os.write(self._before_end, json.dumps(state).encode())
        os.set_inheritable(self._told, True)
        file = str(farewell.__file__)
        argv = [sys.executable, "-I", "-S", file, str(self._told), self._run_id]
        # the pipe, the lock of the journal and the sockets of the lab end with this
        os.execv(sys.executable, argv)

    @staticmethod
    def _close(*descriptors: int) -> None:
        for fd in descriptors:
            os.close(fd)


def _start(run_id: str, log: Path, after: int, tell: int) -> "subprocess.Popen[bytes]":
    argv = [sys.executable, "-m", "nepishell", "serve", "--resume", run_id,
            "--after", str(after), "--tell", str(tell)]  # fmt: skip
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as output:
        return subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, pass_fds=(after, tell),
            start_new_session=True,
        )  # fmt: skip
