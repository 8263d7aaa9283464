"""Commands inside a host of a part that is on another machine."""

import signal
import threading
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.base import Host
from nepishell.hosts.netns.farlab import FarLab

pytestmark = pytest.mark.root


def test_it_keeps_the_contract(parts: tuple[FarLab, FarLab]) -> None:
    assert isinstance(parts[0].host("a"), Host)


def test_a_short_command_runs_inside_with_what_it_was_given(
    parts: tuple[FarLab, FarLab], tmp_path: Path
) -> None:
    host = parts[0].host("a")
    script = 'hostname; pwd; echo "$WORD"; cat; ip -br link; exit 3'
    done = host.run(["sh", "-c", script], env={"WORD": "it's"}, cwd=tmp_path, stdin=b"in\n")
    lines = done.stdout.splitlines()
    assert (lines[:4], done.status) == (["a", str(tmp_path), "it's", "in"], 3)
    assert [line.split()[0] for line in lines[4:]] == ["lo"]


def test_a_long_command_is_watched_and_stopped(
    parts: tuple[FarLab, FarLab], tmp_path: Path
) -> None:
    ended = threading.Event()
    host = parts[1].host("b")
    process = host.spawn(
        ["sh", "-c", "hostname; exec sleep 100"],
        run_dir=tmp_path / "run",
        on_exit=lambda end: ended.set(),
    )
    process.stop()
    assert ended.wait(20)
    assert process.exit is not None
    assert process.exit.status == 128 + signal.SIGTERM


def test_a_terminal_is_inside(parts: tuple[FarLab, FarLab]) -> None:
    terminal = parts[0].host("a").terminal(["sh", "-c", "hostname; tty"], rows=24, cols=80)
    seen = b""
    while data := terminal.read():
        seen += data
    assert seen.split()[0] == b"a"
    assert terminal.close() == 0


def test_a_removed_host_is_refused_by_name(parts: tuple[FarLab, FarLab]) -> None:
    host = parts[0].host("a")
    host.close()
    with pytest.raises(HostError, match="the lab has no host 'a'"):
        host.run(["true"])
