"""`nepishell runs`."""

import json
from pathlib import Path

import pytest

from nepishell import ExperimentController
from nepishell.batch.main import main_without_file
from nepishell.batch.runs import main
from nepishell.journal.keeping import RunJournal


@pytest.fixture
def played(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert main_without_file(["-c", "add local::Node here"]) == 0


def test_runs_that_were_played_are_listed(played: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["is"] == "ended"
    assert main([row["experiment"]]) == 0
    assert row["run"] in capsys.readouterr().out


def test_those_of_another_experiment_are_not(
    played: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--json", "other"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_run_that_is_doubtful_is_suspect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with ExperimentController() as ec:
        RunJournal(ec, version="1")
        ec.fidelity.late(2.0)
        ec.fidelity.doubt("relay", "frames were lost", guid=1)
    assert main(["--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["problem"].startswith("suspect: ")
    assert row["problem"].endswith("the controller was up to 2s late; and 1 more")
