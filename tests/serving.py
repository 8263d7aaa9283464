"""A served run in this process, with resource types that need no host; and runs of real ones."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from nepishell.client import Client
from nepishell.engine.controller import ExperimentController
from nepishell.journal import door
from nepishell.journal.keeping import RunJournal
from nepishell.service.connection import Connection
from nepishell.service.hub import Hub
from nepishell.service.server import Server
from nepishell.service.session import Session
from tests.commands import stand


class Served:
    """A run that is served. *connect*: another client."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        stand.register()
        self.ec = stack.enter_context(ExperimentController("served", folder))
        self.hub = Hub(self.ec)
        self.hub.shared.journal = RunJournal(self.ec, version="0")
        listening = door.listen(self.ec.run_dir)
        self.server = Server(listening, self.hub.greeting, self._begin)
        stack.callback(door.close, self.ec.run_dir, listening)
        stack.callback(self.server.close)
        self._stack = stack

    def _begin(self, connection: Connection) -> tuple[str, Callable[[], None]]:
        session = Session(self.hub, connection, lambda *what: None)
        return session.place.name, session.serve

    def connect(self) -> Client:
        return self._stack.enter_context(Client(self.ec.run_dir, timeout=20))


@contextmanager
def serving(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """`nepishell serve`, once it is served; ended with all that it has built."""
    process = subprocess.Popen(
        [sys.executable, "-m", "nepishell", "serve", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ),
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if " is served at " in line:
                break
        else:
            pytest.fail("it was never served")
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)
