"""A served run, and a client of it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nepishell.client import Client
from tests.serving import Served


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with ExitStack() as stack:
        yield Served(tmp_path, stack)


@pytest.fixture
def client(served: Served) -> Client:
    return served.connect()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where runs are kept, for us and for programs that we start."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path
