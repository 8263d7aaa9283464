"""The shared shell without a network: the other end is `sh` of this machine."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from nepishell.core.errors import HostError, Unreachable
from nepishell.hosts.ssh.lasting import new_words
from nepishell.hosts.ssh.shell import Pending, RemoteShell, Request


class Local:
    """A channel to a process of this machine."""

    def __init__(self, ours: socket.socket) -> None:
        self.settimeout, self.sendall = ours.settimeout, ours.sendall
        self.recv, self.close = ours.recv, ours.close


@contextmanager
def running(*argv: str) -> Iterator[RemoteShell]:
    ours, theirs = socket.socketpair()
    with ours, subprocess.Popen(argv, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        theirs.close()
        yield RemoteShell("web", Local(ours), new_words(), 1000)
        ours.close()
        process.wait()


def test_greets_and_answers() -> None:
    with running("sh", "-c", "echo welcome; exec sh") as shell:
        greeting = shell.greet((), 20.0)
        assert greeting.home
        pending = Pending()
        shell.request(Request(number=5, text=b"_np_job 5 'exit 7'", pending=pending))
        assert shell.read_frames() == []
        frame = pending.wait(20.0)
        assert frame is not None
        assert (frame.kind, frame.words) == ("N", ["5", "7"])
        shell.tell(b'rm -rf "$_np_b"; exit')
        assert shell.read_frames() is None


def test_what_is_asked_first_goes_with_the_greeting() -> None:
    with running("sh") as shell:
        pending = Pending()
        first = Request(number=5, text=b"_np_job 5 'exit 7'", pending=pending)
        shell.greet((), 20.0, first)
        assert first.is_taken
        shell.tell(b'rm -rf "$_np_b"; exit')
        while shell.read_frames() is not None:
            pass
        frame = pending.wait(20.0)
        assert frame is not None
        assert (frame.kind, frame.words) == ("N", ["5", "7"])


def test_what_is_no_shell_is_quoted() -> None:
    with (
        running("echo", "go away") as shell,
        pytest.raises(HostError, match=r"web runs no POSIX shell on request; it says: go away"),
    ):
        shell.greet((), 20.0)


def test_those_who_wait_are_told_of_a_loss() -> None:
    with running("sleep", "0") as shell:
        pending = Pending()
        shell.request(Request(number=1, text=b"", pending=pending))
        shell.lose(Unreachable("web: gone"))
        with pytest.raises(Unreachable, match="gone"):
            pending.wait(20.0)
        with pytest.raises(Unreachable, match="gone"):
            shell.request(Request(number=2, text=b"", pending=Pending()))
