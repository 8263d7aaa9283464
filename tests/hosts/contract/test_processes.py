"""What every host does with long commands."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts import sessions
from nepishell.hosts.base import Exit, Host, Process

PATIENCE_S = 20.0


class Ends:
    """Collects what on_exit is told, and waits for it."""

    def __init__(self) -> None:
        self.told: list[Exit] = []
        self._came = threading.Semaphore(0)

    def __call__(self, exit_: Exit) -> None:
        self.told.append(exit_)
        self._came.release()

    def wait(self) -> Exit:
        assert self._came.acquire(timeout=PATIENCE_S)
        return self.told[-1]


def wait_for_line(path: Path, read_fd: int) -> str:
    """Block until the process wrote to the pipe whose name is *path*."""
    return os.read(read_fd, 100).decode()


@pytest.fixture
def ends() -> Ends:
    return Ends()


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """A named pipe: a process says through it how far it is."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


def test_leaves_output_and_status_in_the_run_directory(
    host: Host, ends: Ends, tmp_path: Path
) -> None:
    run_dir = tmp_path / "deep" / "run"
    script = "echo out; echo err >&2; exit 3"
    host.spawn(["sh", "-c", script], run_dir=run_dir, on_exit=ends)
    assert ends.wait().status == 3
    # a name with a dot is the host's own affair
    shown = [path for path in run_dir.iterdir() if not path.name.startswith(".")]
    found = {path.name: path.read_text() for path in shown}
    assert found == {"stdout": "out\n", "stderr": "err\n", "exitcode": "3\n"}


def test_tells_the_end_once_and_remembers_it(host: Host, ends: Ends, tmp_path: Path) -> None:
    process = host.spawn(["true"], run_dir=tmp_path, on_exit=ends)
    told = ends.wait()
    host.close()
    assert ends.told == [told] == [process.exit]


def test_a_process_killed_by_a_signal_has_the_status_that_a_shell_shows(
    host: Host, ends: Ends, tmp_path: Path
) -> None:
    host.spawn(["sh", "-c", "kill -9 $$"], run_dir=tmp_path, on_exit=ends)
    assert ends.wait().status == 128 + 9
    assert (tmp_path / "exitcode").read_text() == "137\n"


def test_is_known_by_pid_and_start_time(host: Host, ends: Ends, tmp_path: Path) -> None:
    process = host.spawn(["sleep", "60"], run_dir=tmp_path, on_exit=ends)
    found = sessions.stat(process.pid)
    assert found is not None
    assert (found.start_time, found.session) == (process.start_time, process.pid)
    assert process.exit is None
    assert isinstance(process, Process)
    process.signal(signal.SIGKILL)
    ends.wait()


def test_starts_in_its_run_directory_with_the_given_environment(
    host: Host, ends: Ends, tmp_path: Path
) -> None:
    script = 'echo "$(pwd) $COLOUR ${HOME:+home}"'
    host.spawn(["sh", "-c", script], run_dir=tmp_path, env={"COLOUR": "red"}, on_exit=ends)
    ends.wait()
    assert (tmp_path / "stdout").read_text() == f"{tmp_path} red home\n"


def test_reads_nothing_unless_given_a_file(host: Host, ends: Ends, tmp_path: Path) -> None:
    host.spawn(["cat"], run_dir=tmp_path / "a", on_exit=ends)
    assert ends.wait().status == 0
    source = tmp_path / "words"
    source.write_text("from a file")
    host.spawn(["cat"], run_dir=tmp_path / "b", stdin=source, on_exit=ends)
    ends.wait()
    outputs = [(tmp_path / name / "stdout").read_text() for name in ("a", "b")]
    assert outputs == ["", "from a file"]


def test_inherits_no_descriptor_and_no_ignored_signal(
    host: Host, ends: Ends, tmp_path: Path
) -> None:
    script = "ls /proc/self/fd | wc -l; grep -E 'Sig(Ign|Blk)' /proc/self/status"
    host.spawn(["sh", "-c", script], run_dir=tmp_path, on_exit=ends)
    ends.wait()
    # ls itself has its three streams and the directory that it lists
    words = (tmp_path / "stdout").read_text().split()
    assert words[:4] == ["4", "SigBlk:", "0" * 16, "SigIgn:"]
    # 32 and 33 are the C library's own
    assert int(words[4], 16) & 0x7FFFFFFF == 0


def test_a_program_that_does_not_exist_is_named(host: Host, tmp_path: Path) -> None:
    with pytest.raises(HostError, match="command 'no-such-tool' is not found"):
        host.spawn(["no-such-tool"], run_dir=tmp_path)


def test_a_file_that_is_no_program_is_named(host: Host, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("echo hello")
    with pytest.raises(HostError, match="script' is not executable: chmod"):
        host.spawn([str(script)], run_dir=tmp_path)
    script.chmod(0o755)
    with pytest.raises(HostError, match="needs a first line like #!/bin/sh"):
        host.spawn([str(script)], run_dir=tmp_path)


def test_a_signal_reaches_the_whole_session(
    host: Host, ends: Ends, tmp_path: Path, fifo: Path
) -> None:
    # the grandchild moved to a process group of its own
    grandchild = f"import os; os.setpgid(0, 0); open({str(fifo)!r}, 'w').write(str(os.getpid()))"
    grandchild += "; import signal; signal.pause()"
    process = host.spawn(
        ["sh", "-c", '"$0" -c "$1"; true', sys.executable, grandchild],
        run_dir=tmp_path,
        on_exit=ends,
    )
    pid = int(fifo.read_text())
    watched = os.pidfd_open(pid)
    process.signal(signal.SIGTERM)
    assert ends.wait().status == 128 + signal.SIGTERM
    assert sessions.wait_gone([pid], PATIENCE_S) == []
    os.close(watched)


def test_stop_kills_what_ignores_it_when_the_grace_is_over(
    host: Host, ends: Ends, tmp_path: Path, fifo: Path
) -> None:
    script = f"trap '' TERM; echo ready > {fifo}; while :; do read line < {fifo}; done"
    process = host.spawn(["sh", "-c", script], run_dir=tmp_path, on_exit=ends)
    assert fifo.read_text() == "ready\n"
    process.stop(grace_s=0.05)
    assert ends.wait().status == 128 + signal.SIGKILL


def test_stop_catches_a_child_that_outlives_its_leader(
    host: Host, ends: Ends, tmp_path: Path, fifo: Path
) -> None:
    child = f"trap '' TERM; echo $$ > {fifo}; while :; do read line < {fifo}; done"
    process = host.spawn(["sh", "-c", 'sh -c "$0"; true', child], run_dir=tmp_path, on_exit=ends)
    pid = int(fifo.read_text())
    process.stop(grace_s=0.05)
    assert ends.wait().status == 128 + signal.SIGTERM
    assert sessions.wait_gone([pid], PATIENCE_S) == []


def test_stop_wakes_a_stopped_process(host: Host, ends: Ends, tmp_path: Path) -> None:
    process = host.spawn(["sleep", "60"], run_dir=tmp_path, on_exit=ends)
    process.signal(signal.SIGSTOP)
    process.stop(grace_s=60)
    assert ends.wait().status == 128 + signal.SIGTERM


def test_signals_after_the_end_are_silent(host: Host, ends: Ends, tmp_path: Path) -> None:
    process = host.spawn(["true"], run_dir=tmp_path, on_exit=ends)
    ends.wait()
    process.signal(signal.SIGTERM)
    process.stop()


def test_close_ends_what_still_runs(host: Host, ends: Ends, tmp_path: Path) -> None:
    process = host.spawn(["sleep", "60"], run_dir=tmp_path, on_exit=ends)
    host.close()
    assert sessions.stat(process.pid) is None
    assert ends.wait().status == 128 + signal.SIGKILL


def test_many_processes_cost_one_thread(host: Host, tmp_path: Path) -> None:
    all_ends = Ends()
    host.run(["true"])
    before = threading.active_count()
    running = [
        host.spawn(["sleep", "60"], run_dir=tmp_path / str(number), on_exit=all_ends)
        for number in range(20)
    ]
    assert threading.active_count() <= before
    for process in running:
        process.signal(signal.SIGTERM)
    for _ in running:
        all_ends.wait()
    assert {end.status for end in all_ends.told} == {128 + signal.SIGTERM}
