"""Runs on disk: which there are, and what became of them."""

import subprocess
import sys
from pathlib import Path

import pytest

from nepishell import ExperimentController, UnknownName
from nepishell.journal.keeping import RunJournal
from nepishell.journal.runs import Fate, find, look, runs


def test_a_run_is_running_until_it_is_shut_down(
    ec: ExperimentController, journal: RunJournal
) -> None:
    assert look(ec.run_dir).fate is Fate.RUNNING
    ec.shutdown()
    assert look(ec.run_dir).fate is Fate.ENDED


KILLED = """
import os, signal, sys
from nepishell.journal.keeping import RunJournal
from nepishell.testing import virtual
ec = virtual("exp", local_dir=sys.argv[1])
RunJournal(ec, version="0")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_one_whose_controller_was_killed_is_orphaned(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, tmp_path], check=False)
    (run,) = runs(tmp_path)
    assert run.fate is Fate.ORPHANED
    assert run.size > 100


def test_one_that_cannot_be_read_is_listed_with_its_problem(tmp_path: Path) -> None:
    path = tmp_path / "exp" / "1" / "journal.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("what is this\n")
    (run,) = runs(tmp_path)
    assert run.fate is Fate.BROKEN
    assert "journal.jsonl:1" in run.problem


def test_a_run_is_found_by_its_experiment_and_by_the_beginning_of_its_id(
    ec: ExperimentController, journal: RunJournal, tmp_path: Path
) -> None:
    assert find(tmp_path, "exp").run_id == ec.run_id
    assert find(tmp_path, ec.run_id[:18]).run_id == ec.run_id
    with pytest.raises(UnknownName, match=r"no run 'expo'; did you mean 'exp'\?"):
        find(tmp_path, "expo")
