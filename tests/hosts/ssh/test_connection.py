"""Logging in at a real server; test_host.py has the refusals."""

import logging
import threading
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.ssh.config import hops
from nepishell.hosts.ssh.connection import Connection
from nepishell.hosts.ssh.transport import dial
from tests.sshd import Sshd


def test_small_packets_leave_at_once_and_nothing_is_left(sshd: Sshd) -> None:
    before = threading.active_count()
    connection = Connection(hops(sshd.endpoint()), 15.0, dial)
    assert connection.address == "127.0.0.1"
    assert connection.transport.is_authenticated()
    assert connection.transport.local_cipher == "aes128-gcm@openssh.com"
    connection.close()
    connection.close()
    assert threading.active_count() == before


def test_what_is_no_key_is_named(sshd: Sshd, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hello")
    with pytest.raises(HostError, match="key is no private key"):
        Connection(hops(sshd.endpoint(identity=str(tmp_path / "key"))), 15.0, dial)


def test_the_library_says_nothing(sshd: Sshd, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("paramiko.transport").error("a traceback")
    assert capfd.readouterr().err == ""
