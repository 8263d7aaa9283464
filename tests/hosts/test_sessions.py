"""Processes as /proc shows them."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nepishell.hosts import sessions
from nepishell.hosts.sessions import Stat

NOBODY = 4_000_000  # above any pid_max in use


def test_reads_names_that_hold_spaces_and_parentheses(tmp_path: Path) -> None:
    tool = tmp_path / "a) b (c"
    tool.symlink_to("/bin/sleep")
    with subprocess.Popen([tool, "60"], start_new_session=True) as child:
        found = sessions.stat(child.pid)
        child.kill()
    assert found is not None
    assert found[:3] == (os.getpid(), child.pid, child.pid)


def test_what_is_gone_is_nothing() -> None:
    assert sessions.stat(NOBODY) is None
    assert (sessions.start_time(NOBODY), sessions.namespace_of(NOBODY)) == (0, 0)
    assert sessions.wait_gone([NOBODY], 1.0) == []
    assert not sessions.has_group(NOBODY)
    sessions.send(NOBODY, signal.SIGTERM)
    sessions.signal_session(NOBODY, 1, signal.SIGTERM)
    sessions.kill_session(NOBODY, 1)


def test_a_session_is_its_members_the_leader_first() -> None:
    stats = {
        5: Stat(parent=9, group=5, session=9, start_time=30),
        7: Stat(parent=1, group=7, session=7, start_time=10),
        9: Stat(parent=1, group=9, session=9, start_time=20),
    }
    assert sessions.session_members(9, 20, stats) == [9, 5]


def test_a_pid_that_went_to_another_process_names_no_session() -> None:
    stats = {9: Stat(parent=1, group=9, session=9, start_time=99)}
    assert sessions.session_members(9, 20, stats) == []
    orphan = {5: Stat(parent=1, group=5, session=9, start_time=30)}
    assert sessions.session_members(9, 20, orphan) == [5]


def test_descendants_are_found_to_any_depth() -> None:
    def born(parent: int) -> Stat:
        return Stat(parent=parent, group=1, session=1, start_time=1)

    stats = {2: born(1), 3: born(2), 4: born(3), 5: born(1)}
    assert sessions.descendants({2}, stats) == {3, 4}
    assert sessions.descendants({1, 3}, stats) == {2, 4, 5}


def test_finds_this_process_and_its_namespace() -> None:
    assert sessions.all_stats()[os.getpid()] == sessions.stat(os.getpid())
    assert sessions.namespace_of(os.getpid()) == Path("/proc/self/ns/net").stat().st_ino


def test_waits_until_processes_are_gone_but_no_longer_than_told() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        assert sessions.wait_gone([child.pid], 0.01) == [child.pid]
        thread = threading.Thread(target=child.kill)
        thread.start()
        assert sessions.wait_gone([child.pid], 20.0) == []
        thread.join()


def test_terminate_wakes_and_kill_needs_no_wake() -> None:
    for end in (sessions.terminate_session, sessions.kill_session):
        with subprocess.Popen(["sleep", "60"], start_new_session=True) as child:
            child.send_signal(signal.SIGSTOP)
            assert sessions.has_group(child.pid)
            end(child.pid, sessions.start_time(child.pid))
            assert child.wait(20) < 0


def test_a_leader_that_ends_at_once_takes_its_session_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a zombie, and shows no children, by the time that others are looked for."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    child = (
        "import os, signal, sys; os.setpgid(0, 0); open(sys.argv[1], 'w').write(str(os.getpid()))"
    )
    argv = ["sh", "-c", '"$0" -c "$1" "$2"; true', sys.executable]
    with subprocess.Popen(
        [*argv, f"{child}; signal.pause()", str(fifo)], start_new_session=True
    ) as leader:
        pid = int(fifo.read_text())
        really = os.killpg

        def until_it_has_ended(group: int, signum: int) -> None:
            really(group, signum)
            os.waitid(os.P_PID, group, os.WEXITED | os.WNOWAIT)

        monkeypatch.setattr(os, "killpg", until_it_has_ended)
        started = sessions.start_time(leader.pid)
        sessions.signal_session(leader.pid, started, signal.SIGTERM)
        assert sessions.wait_gone([pid], 20.0) == []
