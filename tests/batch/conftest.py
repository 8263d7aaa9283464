"""Command lines played in this process, with resource types that need no host."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from nepishell.batch.main import main, main_without_file
from tests.commands import stand


class Played(NamedTuple):
    status: int
    out: str
    err: str


Play = Callable[..., Played]


@pytest.fixture(autouse=True)
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs are kept in the folder of the test, which is the current one."""
    stand.register()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "state" / "nepishell"


@pytest.fixture
def play(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Play:
    """`nepishell run a.nepi ...` with this text in the file."""

    def run(text: str, *options: str) -> Played:
        (tmp_path / "a.nepi").write_text(text)
        status = main(["a.nepi", *options])
        return Played(status, *capsys.readouterr())

    return run


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Play:
    """`nepishell -c LINES ...`."""

    def run(text: str, *options: str) -> Played:
        status = main_without_file(["-c", text, *options])
        return Played(status, *capsys.readouterr())

    return run
