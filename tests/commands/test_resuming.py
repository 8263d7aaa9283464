"""A controller that is killed, anywhere, and the next one that goes on with its run."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nepishell.journal.runs import Fate, runs

pytestmark = pytest.mark.lab

LINES = [
    "add netns::Node h1,h2",
    "add netns::Link wire delay=1ms",
    "connect h1 wire h2",
    "add linux::Application first on h1 command='echo one'",
    "add linux::Application second on h2 command='sh -c \"echo two; exit 3\"' critical=no",
    "when first STOPPED start second",
    "deploy",
    "wait first STOPPED",
]
#: What the undisturbed run comes to.
STATES = {"h1": "STARTED", "h2": "STARTED", "wire": "STARTED", "first": "STOPPED",
          "second": "FAILED"}  # fmt: skip

#: Plays lines in a run that outlives it, and kills itself when so many records were written.
VICTIM = """
import os, signal, sys
from pathlib import Path
from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.commands.journaling import open_journal
from nepishell.engine.controller import ExperimentController
from nepishell.journal.writer import Writer
limit, programs, lines = int(sys.argv[1]), sys.argv[2].split(), sys.argv[3:]
put = Writer._put
def put_and_die(self, data):
    for line in data.splitlines(keepends=True):
        put(self, line)
        put_and_die.written += 1
        if put_and_die.written == limit:
            os.kill(os.getpid(), signal.SIGKILL)
put_and_die.written = 0
Writer._put = put_and_die
ec = ExperimentController("killed", seed=1)
ec.lasting = True
ctx = Context(ec=ec, jobs=Jobs(ec))
ctx.journal = open_journal(ec, print)
interpreter = Interpreter(ctx)
for line in lines:
    interpreter.run(line)
ec.wait_finished([ec.find(name) for name in programs])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "nepishell"


def kill_at(limit: int, lines: Sequence[str] = LINES, programs: str = "first second") -> None:
    argv = [sys.executable, "-c", VICTIM, str(limit), programs, *lines]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def nepishell(*arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "nepishell", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def lines_left(home: Path, lines: Sequence[str] = LINES) -> Sequence[str]:
    """The lines that the killed controller had not come to the end of."""
    (run,) = runs(home)
    done = sum(record.kind == "outcome" for record in run.records())
    return lines[done:]


def resumed(home: Path) -> tuple[list[list[dict[str, Any]]], str]:
    """Go on, do what was left to be done, and look: what was listed, and what was said."""
    rest = lines_left(home)
    # what was done before its outcome was entered is refused the second time
    shown = ["wait second STOPPED", "list", "trace first stdout", "trace second exitcode"]
    done = nepishell("resume", "--json", "-c", "\n".join([*rest, *shown]), "--keep-going")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return answers, done.stderr


def leftovers(home: Path) -> list[str]:
    """Command lines of processes that name the folder of the runs."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(home) in text and path.parent.name != str(os.getpid()):
            found.append(text)
    return found


@pytest.mark.parametrize("limit", [*range(2, 46, 2), 1000])
def test_killed_anywhere_the_run_ends_as_if_it_had_not_been(home: Path, limit: int) -> None:
    kill_at(limit)
    answers, said = resumed(home)
    listed = next(a for a in answers if isinstance(a, list) and a and "state" in a[0])
    assert {row["label"]: row["state"] for row in listed} == STATES, said
    texts = [str(answer) for answer in answers]
    assert any("one" in text for text in texts)
    (run,) = runs(home)
    assert run.fate is Fate.ENDED
    assert leftovers(home) == []


def test_clean_takes_away_what_a_killed_run_left_and_nothing_else(home: Path) -> None:
    kill_at(1000)
    assert leftovers(home) != []
    done = nepishell("clean")
    assert done.returncode == 0
    assert "released" in done.stderr
    assert leftovers(home) == []
    assert "nothing is left of any run" in nepishell("clean").stderr


def test_a_run_that_ended_is_not_gone_on_with(home: Path) -> None:
    kill_at(1000)
    assert nepishell("resume", "-c", "list").returncode == 0
    done = nepishell("resume", "killed", "-c", "list")
    assert done.returncode == 2
    assert "has ended" in done.stderr
    assert "no run has lost its controller" in nepishell("resume", "-c", "list").stderr


def test_a_machine_that_was_started_anew_has_lost_it_all(home: Path) -> None:
    kill_at(1000)
    (run,) = runs(home)
    nepishell("clean")
    # as after a reboot: the journal ends in the middle, and nobody is behind the door
    lines = run.journal.read_bytes().splitlines(keepends=True)
    cut = next(n for n, line in enumerate(lines) if b'"k":"resumed"' in line)
    run.journal.write_bytes(b"".join(lines[:cut]))
    done = nepishell("resume", "--json", "-c", "list")
    assert "h1: lost while nobody was there" in done.stderr
    (listed,) = (json.loads(line) for line in done.stdout.splitlines())
    assert {row["state"] for row in listed} == {"FAILED"}
