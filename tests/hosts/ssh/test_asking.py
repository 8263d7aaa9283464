"""Requests by themselves, on a real shell at the other end."""

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.ssh import SshHost
from nepishell.hosts.ssh.asking import Answer, TimedOut


def test_the_problem_is_the_tail_of_the_last_line() -> None:
    assert Answer(status=1, err=b"warning\ncat: /x: No such file\n").problem == "No such file"
    assert Answer(status=4).problem == "status 4"


def test_a_request_that_takes_too_long_is_killed_with_its_children(host: SshHost) -> None:
    with pytest.raises(TimedOut, match=r"did not end within 0\.2 s: killed"):
        host._asker.ask("sleep 60 & sleep 60", timeout_s=0.2)
    left = host.run(["sh", "-c", f"grep -lsF {host._asker.mark(1)} /proc/[0-9]*/environ"])
    assert left.stdout == ""


def test_a_refusal_of_ours_is_an_error(host: SshHost) -> None:
    with pytest.raises(HostError, match=r"^because$"):
        host._asker.ask("_np_no because")


def test_many_answers_leave_no_files(host: SshHost) -> None:
    for _ in range(150):
        host.run(["true"])
    folder = host._shell.greeting.folder
    assert int(host.run(["sh", "-c", f"ls {folder} | wc -l"]).stdout) < 130


def test_the_jobs_of_the_shell_are_forgotten(host: SshHost) -> None:
    for _ in range(50):
        host.run(["true"])
    main = host._shell.greeting.processes[0].partition(":")[0]
    children = host.run(["cat", f"/proc/{main}/task/{main}/children"]).stdout.split()
    # the one that carries ends, the one that asked, and perhaps the one before
    assert len(children) <= 4
