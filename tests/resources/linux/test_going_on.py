"""A controller is killed; what it started behind a real SSH server goes on, and is found again."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sshd import Sshd

VICTIM = """
import os, signal, sys
from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.commands.journaling import open_journal
from nepishell.engine.controller import ExperimentController
ec = ExperimentController("killed", seed=1)
ctx = Context(ec=ec, jobs=Jobs(ec))
ctx.journal = open_journal(ec, print)
interpreter = Interpreter(ctx)
for line in sys.argv[1:]:
    interpreter.run(line)
os.kill(os.getpid(), signal.SIGKILL)
"""


def nepishell(*arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "nepishell", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_programs_go_on_and_how_they_ended_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    home = tmp_path / "home"
    home.mkdir()
    with Sshd(tmp_path / "sshd") as server:
        gate = home / "gate"
        lines = [
            f"add linux::Node n hostname={server.address} port={server.port} "
            f"username={server.username} identity={server.identity} home={home} "
            f"serverKey='{server.server_key}'",
            f"add linux::Application ends on n command=\"sh -c 'cat {gate}; exit 7'\" critical=no",
            "add linux::Application stays on n command='sleep 1000'",
            "add linux::Application over on n command='echo over'",
            "deploy",
            "wait stays STARTED",
            "wait over STOPPED",
        ]
        subprocess.run(["mkfifo", str(gate)], check=True)
        argv = [sys.executable, "-c", VICTIM, *lines]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr
        # one of them ends while nobody is there
        gate.write_text("while you were away\n")
        shown = "list\ntrace ends stdout\ntrace over stdout\nstop stays\nlist\nrelease"
        found = nepishell("resume", "--json", "--yes", "--keep-going", "-c", shown)
        answers = [json.loads(line) for line in found.stdout.splitlines()]
        tables = [a for a in answers if isinstance(a, list)]
        states = [{row["label"]: row["state"] for row in table} for table in tables]
        assert states[0] == {
            "n": "STARTED", "ends": "FAILED", "stays": "STARTED", "over": "STOPPED",
        }, found.stderr  # fmt: skip
        assert states[1]["stays"] == "STOPPED"
        assert "ended with status 7" in found.stderr
        assert "while you were away" in found.stdout
        gate.unlink()
        assert list(home.iterdir()) == []
