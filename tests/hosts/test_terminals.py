"""What is particular to a pty that we hold; what every terminal does is in contract/."""

import os
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.base import OnExit
from nepishell.hosts.process import SpawnedProcess
from nepishell.hosts.terminals import PtyTerminal


def refuse(path: str, on_exit: OnExit) -> SpawnedProcess:
    assert path.startswith("/dev/")
    raise HostError("it does not start")


def test_a_start_that_fails_gives_the_pty_back() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(HostError, match="it does not start"):
        PtyTerminal(24, 80, refuse)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_says_when_the_machine_has_no_terminal_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left() -> tuple[int, int]:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "openpty", none_left)
    with pytest.raises(HostError, match="no terminal is free: No space left"):
        PtyTerminal(24, 80, refuse)
