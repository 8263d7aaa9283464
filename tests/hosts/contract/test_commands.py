"""What every host does with short commands."""

import os
import select
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts import commands
from nepishell.hosts.base import Completed, Host


def test_returns_status_and_output(host: Host) -> None:
    argv = ["sh", "-c", "echo out; echo err >&2; exit 3"]
    assert host.run(argv) == Completed(argv=tuple(argv), status=3, stdout="out\n", stderr="err\n")


def test_a_killed_command_has_a_negative_status(host: Host) -> None:
    assert host.run(["sh", "-c", "kill -15 $$"]).status == -signal.SIGTERM


def test_feeds_bytes_to_the_command(host: Host) -> None:
    assert host.run(["cat"], stdin="grüße".encode()).stdout == "grüße"
    assert host.run(["cat"]).stdout == ""


def test_runs_where_and_with_what_it_is_told(host: Host, tmp_path: Path) -> None:
    done = host.run(["sh", "-c", "pwd; echo $COLOUR"], cwd=tmp_path, env={"COLOUR": "red"})
    assert done.stdout == f"{tmp_path}\nred\n"


def test_a_command_that_takes_too_long_is_killed_and_named(host: Host) -> None:
    with pytest.raises(HostError, match=r"'sleep 60' did not end within 0\.05 s: killed"):
        host.run(["sleep", "60"], timeout_s=0.05)


def test_does_not_wait_for_a_daemon_but_close_ends_it(host: Host) -> None:
    pid = int(host.run(["sh", "-c", "sleep 60 & echo $!"]).stdout)
    watched = os.pidfd_open(pid)
    host.close()
    assert select.select([watched], [], [], 20)[0] == [watched]
    os.close(watched)


def test_refuses_output_without_end(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MAX_OUTPUT", 1000)
    with pytest.raises(HostError, match="'seq' printed more than"):
        host.run(["seq", "1000"])


def test_a_missing_program_is_named(host: Host) -> None:
    with pytest.raises(HostError, match="command 'no-such-tool' is not found"):
        host.run(["no-such-tool"])
    with pytest.raises(HostError, match="name a program"):
        host.run([""])


def test_a_missing_directory_is_named(host: Host, tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"cannot start in .*nowhere: No such file"):
        host.run(["true"], cwd=tmp_path / "nowhere")


def test_answers_from_many_threads_do_not_mix(host: Host) -> None:
    def echo(number: int) -> str:
        return host.run(["echo", str(number)]).stdout

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(echo, range(40))) == [f"{number}\n" for number in range(40)]


def test_a_program_may_print_anything(host: Host) -> None:
    done = host.run(["printf", r"\001\377\000%s", 'x\n\' "$HOME" `ls` \\ ;'])
    assert done.stdout == '\x01\ufffd\0x\n\' "$HOME" `ls` \\ ;'


def test_a_variable_needs_a_name(host: Host) -> None:
    assert host.run(["sh", "-c", "echo $A_1"], env={"A_1": "it's\n$5"}).stdout == "it's $5\n"


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_leaves_no_descriptor_and_no_thread(host: Host) -> None:
    host.run(["true"])
    before = open_files(), threading.active_count()
    for _ in range(10):
        host.run(["true"])
    assert (open_files(), threading.active_count()) == before
