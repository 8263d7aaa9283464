"""A keeper behind standard input and output."""

import json
import subprocess
from pathlib import Path

import pytest

from nepishell.hosts.netns import barestart

pytestmark = pytest.mark.lab


def start(folder: Path) -> "subprocess.Popen[bytes]":
    argv = barestart.command(
        "nepishell.hosts.netns.stdio", str(folder / "hosts"), str(folder / "log")
    )
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_answers_come_out_and_the_end_of_input_is_the_end(tmp_path: Path) -> None:
    with start(tmp_path) as bridge:
        assert bridge.stdin is not None
        assert bridge.stdout is not None
        assert json.loads(bridge.stdout.readline())["ok"] > 0
        bridge.stdin.write(b'["add_hosts",[["h1",false]]]\n["remove_hosts",["h2"]]\n')
        bridge.stdin.flush()
        assert json.loads(bridge.stdout.readline()) == {"ok": None}
        assert json.loads(bridge.stdout.readline()) == {"error": "the lab has no host 'h2'"}
        bridge.stdin.close()
        assert bridge.wait(20) == 0
    assert (tmp_path / "log").read_text() == ""


def test_a_lab_that_is_closed_ends_it(tmp_path: Path) -> None:
    with start(tmp_path) as bridge:
        assert bridge.stdout is not None
        bridge.stdout.readline()
        assert bridge.stdin is not None
        bridge.stdin.write(b'["close"]\n')
        bridge.stdin.flush()
        assert json.loads(bridge.stdout.readline()) == {"ok": None}
        assert bridge.wait(20) == 0
