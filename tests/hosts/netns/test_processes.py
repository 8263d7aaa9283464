"""Processes of a lab as their parent sees them; see contract/ for what hosts promise."""

import os
import signal
from pathlib import Path
from threading import Event

import pytest

from nepishell.hosts import sessions
from nepishell.hosts.netns.lab import Lab

pytestmark = pytest.mark.lab


def test_what_left_the_namespace_goes_with_its_host(lab: Lab, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    script = f"unshare -n sh -c 'echo $$ > {fifo}; exec sleep 60'"
    lab.add_host("h").spawn(["sh", "-c", f"{script}; true"], run_dir=tmp_path / "run")
    pid = int(fifo.read_text())
    lab.remove_host("h")
    assert sessions.wait_gone([pid], 0) == []


def test_orphans_leave_no_zombie_with_the_keeper(lab: Lab, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    ended = Event()
    script = f"setsid sh -c 'echo $$ > {fifo}; read line < {fifo}' & exit 4"
    host = lab.add_host("h")
    process = host.spawn(
        ["sh", "-c", script], run_dir=tmp_path / "run", on_exit=lambda _: ended.set()
    )
    orphan = int(fifo.read_text())
    assert ended.wait(20)
    assert process.exit is not None
    assert process.exit.status == 4
    found = sessions.stat(orphan)
    assert found is not None
    assert found.parent == lab.keeper_pid
    watched = os.pidfd_open(orphan)
    fifo.write_text("go on\n")
    assert sessions.wait_gone([orphan], 20) == []
    os.close(watched)
    # the keeper reaps before it answers
    host.run(["true"])
    assert sessions.stat(orphan) is None


def test_a_start_time_is_known_even_of_what_ended_at_once(lab: Lab, tmp_path: Path) -> None:
    ended = Event()
    before = sessions.start_time(lab.keeper_pid)
    host = lab.add_host("h")
    process = host.spawn(["true"], run_dir=tmp_path / "run", on_exit=lambda _: ended.set())
    assert ended.wait(20)
    assert process.start_time >= before


def test_a_host_whose_processes_ignore_everything_is_removed(lab: Lab, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    script = f"trap '' TERM HUP INT; echo ready > {fifo}; while :; do sleep 60; done"
    process = lab.add_host("h").spawn(["sh", "-c", script], run_dir=tmp_path / "run")
    fifo.read_text()
    process.signal(signal.SIGSTOP)
    lab.remove_host("h")
    assert sessions.stat(process.pid) is None
