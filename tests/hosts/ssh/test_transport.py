"""The transport against a real server: what it saves, and what it leaves as it is."""

import socket
from contextlib import closing
from pathlib import Path

import paramiko
import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.ssh import Endpoint
from nepishell.hosts.ssh.config import hops
from nepishell.hosts.ssh.connection import Connection
from nepishell.hosts.ssh.transport import QuickSocket, QuickTransport, dial, execute
from tests.sshd import PATIENCE_S, Sshd, make_key


def connected(server: Sshd, **changes: object) -> Connection:
    return Connection(hops(server.endpoint(**changes)), PATIENCE_S, dial)


def test_bytes_come_in_order_whatever_sizes_are_asked_for() -> None:
    ours, theirs = pair()
    with ours, theirs:
        sent = bytes(range(256)) * 40
        theirs.sendall(sent)
        theirs.shutdown(socket.SHUT_WR)
        got, sizes = b"", [1, 7, 300, 4000, 100_000]
        while data := ours.recv(sizes[0]):
            assert len(data) <= sizes[0]
            got += data
            sizes.append(sizes.pop(0))
        assert got == sent


def pair() -> tuple[QuickSocket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = dial("127.0.0.1", server.getsockname()[1], PATIENCE_S)
        assert isinstance(ours, QuickSocket)
        return ours, server.accept()[0]


@pytest.mark.parametrize("exchange", ["curve25519-sha256@libssh.org", "ecdh-sha2-nistp256"])
def test_the_fast_exchange_is_asked_for_before_others(tmp_path: Path, exchange: str) -> None:
    with (
        Sshd(tmp_path / "sshd", KexAlgorithms=exchange) as server,
        closing(connected(server)) as connection,
    ):
        assert connection.transport.is_authenticated()
        asked = connection.transport.preferred_kex
        assert asked.index("ecdh-sha2-nistp256") < asked.index("curve25519-sha256@libssh.org")


def test_what_withstands_quantum_computers_stays_first() -> None:
    ours, theirs = pair()
    with ours, theirs:
        transport, known = QuickTransport(ours, PATIENCE_S), paramiko.Transport(ours).preferred_kex
        if "mlkem768x25519-sha256" in known:
            assert transport.preferred_kex[0] == "mlkem768x25519-sha256"
        assert set(transport.preferred_kex) == set(known)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_keys_of_all_kinds_log_in(sshd: Sshd, tmp_path: Path, kind: str) -> None:
    public = make_key(tmp_path / "key", kind)
    (sshd.folder / "authorized_keys").write_text(public + "\n")
    with closing(connected(sshd, identity=str(tmp_path / "key"))) as connection:
        assert connection.transport.is_authenticated()


def test_a_key_that_is_refused_is_followed_by_the_next(
    sshd: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    make_key(home / ".ssh" / "id_ed25519")
    make_key(home / ".ssh" / "id_rsa", "rsa")
    public = make_key(home / ".ssh" / "id_ecdsa", "ecdsa")
    (sshd.folder / "authorized_keys").write_text(public + "\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with closing(connected(sshd, identity=None)) as connection:
        assert connection.transport.is_authenticated()


def test_the_input_of_a_command_may_follow_at_once(sshd: Sshd) -> None:
    with closing(connected(sshd)) as connection:
        channel = connection.transport.open_session(timeout=PATIENCE_S)
        execute(channel, "cat; exit 3")
        channel.sendall(b"hello")
        channel.shutdown_write()
        assert channel.recv(100) == b"hello"
        assert channel.recv_exit_status() == 3


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        endpoint = Endpoint(hostname="127.0.0.1", port=port, server_key="ssh-ed25519 AAAA")
        with pytest.raises(HostError, match="no answer in time"):
            Connection(hops(endpoint), 0.2, dial)


@pytest.mark.root
def test_its_thread_ends_with_the_server(sshd: Sshd) -> None:
    connection = connected(sshd)
    sshd.stop()
    connection.transport.join(PATIENCE_S)
    assert not connection.transport.is_active()
    connection.close()
