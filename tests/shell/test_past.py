"""A prompt at a run that is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.batch.main import main_without_file
from nepishell.batch.opening import export_main
from tests.shell.test_main import Terminal


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """At the run of one node that was handed over."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main_without_file(["-c", "add local::Node here; deploy"]) == 0
    (run,) = (tmp_path / "nepishell").glob("*/2*")
    assert export_main([run.name, "run.zip"]) == 0
    terminal = Terminal(tmp_path, f"-m nepishell open {tmp_path}/run.zip")
    yield terminal
    terminal.child.close(force=True)


def test_it_is_marked_and_looks_and_changes_nothing(terminal: Terminal) -> None:
    terminal.sees("this is over")
    terminal.sees("the past >")
    terminal.type("history\r")
    terminal.sees("add local::Node here")
    terminal.type("deploy\r")
    terminal.sees("would change something")
    terminal.type("nosuch\r")
    terminal.sees("no command 'nosuch'")
    terminal.type("\x04")
    assert terminal.ends() == 0
