"""`nepishell runs`."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from nepishell.batch.main import main_without_file
from nepishell.batch.runs import main


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


def test_a_run_that_was_stopped_for_a_while_is_suspect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    lines = "every 10ms say on; wait 1h"
    with subprocess.Popen(
        [sys.executable, "-m", "nepishell", "-c", lines], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "on\n"
        os.kill(process.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        # the time that passes is what is tried here
        until = monotonic() + 0.4
        while monotonic() < until:
            pass
        os.kill(process.pid, signal.SIGCONT)
        for _ in range(20):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert main(["--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["problem"].startswith("suspect: ")
    assert "the controller was up to" in row["problem"]
