"""A command as a stream, over a real server."""

from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.ssh import SshHost
from tests.sshd import Sshd


def test_what_is_written_comes_back(host: SshHost) -> None:
    stream = host.channel(["sh", "-c", 'echo "$1"; cat', "sh", "it's $HOME"])
    stream.sendall(b"\x00\xff bytes\n")
    seen = b""
    while b"bytes\n" not in seen:
        seen += stream.recv(1024)
    assert seen == b"it's $HOME\n\x00\xff bytes\n"
    stream.close()


def test_the_end_of_the_command_is_the_end_of_the_stream(host: SshHost) -> None:
    stream = host.channel(["true"])
    assert stream.recv(1024) == b""
    stream.close()


def test_a_server_that_is_gone_ends_the_stream(host: SshHost, sshd: Sshd) -> None:
    stream = host.channel(["cat"])
    sshd.stop()
    assert stream.recv(1024) == b""
    stream.close()


def test_a_server_that_allows_one_session_is_named_as_the_reason(tmp_path: Path) -> None:
    with Sshd(tmp_path / "few", MaxSessions="1") as server:
        host = SshHost(server.endpoint(), name="web")
        with pytest.raises(HostError, match="see MaxSessions there"):
            host.channel(["cat"])
        host.close()
