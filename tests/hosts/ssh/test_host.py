"""What can go wrong between us and a real server; each ends in the right state with one line."""

import os
import signal
import threading
from pathlib import Path
from queue import Queue

import pytest

from nepishell.core.errors import HostError, Unreachable
from nepishell.hosts import sessions
from nepishell.hosts.base import Exit, Reach
from nepishell.hosts.ssh import Endpoint, SshHost
from tests.hosts.ssh.conftest import Connect
from tests.sshd import PATIENCE_S, Sshd, make_key


class Reached:
    """What on_reach told, one after the other."""

    def __init__(self, host: SshHost) -> None:
        self._told = Queue[Reach]()
        host.on_reach(self._told.put)

    def wait(self, up: bool) -> Reach:
        reach = self._told.get(timeout=PATIENCE_S)
        assert reach.up is up
        return reach


def test_twenty_applications_run_on_a_stock_server(host: SshHost, tmp_path: Path) -> None:
    ends = Queue[Exit]()
    for number in range(20):
        host.spawn(["sh", "-c", f"exit {number}"], run_dir=tmp_path / str(number), on_exit=ends.put)
    assert {ends.get(timeout=PATIENCE_S).status for _ in range(20)} == set(range(20))


def test_a_process_outlives_the_server_and_its_end_is_learnt(
    host: SshHost, sshd: Sshd, tmp_path: Path
) -> None:
    ends, reached, fifo = Queue[Exit](), Reached(host), tmp_path / "fifo"
    os.mkfifo(fifo)
    script = f"read word <{fifo}; exit $word"
    ended = host.spawn(["sh", "-c", script], run_dir=tmp_path / "a", on_exit=ends.put)
    later = host.spawn(["sleep", "60"], run_dir=tmp_path / "b", on_exit=ends.put)
    sshd.stop()
    assert "the connection was closed" in reached.wait(up=False).why
    with pytest.raises(Unreachable, match="web cannot be reached"):
        host.run(["true"])
    watched = os.pidfd_open(ended.pid)
    fifo.write_text("7\n")
    assert sessions.wait_gone([ended.pid], PATIENCE_S) == []
    os.close(watched)
    assert ended.exit is None
    sshd.start()
    reached.wait(up=True)
    assert ends.get(timeout=PATIENCE_S).status == 7
    assert later.exit is None
    later.signal(signal.SIGTERM)
    assert ends.get(timeout=PATIENCE_S).status == 128 + signal.SIGTERM


def test_what_was_to_be_stopped_is_stopped_when_the_host_is_back(
    host: SshHost, sshd: Sshd, tmp_path: Path
) -> None:
    ends, reached = Queue[Exit](), Reached(host)
    process = host.spawn(["sleep", "60"], run_dir=tmp_path, on_exit=ends.put)
    sshd.stop()
    reached.wait(up=False)
    process.stop()
    with pytest.raises(Unreachable):
        process.signal(signal.SIGTERM)
    sshd.start()
    assert ends.get(timeout=PATIENCE_S).status == 128 + signal.SIGTERM


def test_a_process_that_vanished_is_told_as_lost(host: SshHost, sshd: Sshd, tmp_path: Path) -> None:
    ends, reached = Queue[Exit](), Reached(host)
    process = host.spawn(["sleep", "60"], run_dir=tmp_path, on_exit=ends.put)
    found = sessions.stat(process.pid)
    assert found is not None
    sshd.stop()
    reached.wait(up=False)
    # as when the machine was started anew: nobody is left to write the status
    for pid in (found.parent, process.pid):
        sessions.send(pid, signal.SIGKILL)
    assert sessions.wait_gone([found.parent, process.pid], PATIENCE_S) == []
    sshd.start()
    assert ends.get(timeout=PATIENCE_S).status == 255


def test_a_file_is_followed_on_when_the_host_is_back(
    host: SshHost, sshd: Sshd, tmp_path: Path
) -> None:
    trace, came, reached = tmp_path / "trace", Queue[bytes](), Reached(host)
    trace.write_bytes(b"before")
    host.follow(trace, 0, came.put)
    assert came.get(timeout=PATIENCE_S) == b"before"
    sshd.stop()
    reached.wait(up=False)
    with trace.open("ab") as file:
        file.write(b" meanwhile")
    sshd.start()
    assert came.get(timeout=PATIENCE_S) == b" meanwhile"


def test_one_session_is_enough(tmp_path: Path, connect: Connect) -> None:
    source, there, back = tmp_path / "source", tmp_path / "there", tmp_path / "back"
    source.write_bytes(os.urandom(300_000))
    with Sshd(tmp_path / "sshd", MaxSessions="1") as server:
        host = connect(server)
        host.put(source, there)
        host.get(there, back)
        host.put_all({tmp_path / "x" / "y": source})
        with pytest.raises(HostError, match="MaxSessions"):
            host.terminal(["true"], rows=24, cols=80)
        host.close()
    assert back.read_bytes() == (tmp_path / "x" / "y").read_bytes() == source.read_bytes()


def test_a_login_shell_need_not_be_posix(tmp_path: Path, connect: Connect) -> None:
    # neither variables, nor &&, nor redirections of ours would mean anything to it
    shell = tmp_path / "odd"
    shell.write_text(
        '#!/bin/sh\necho welcome\n[ "$SSH_ORIGINAL_COMMAND" = "exec sh" ] && exec sh\n'
    )
    shell.chmod(0o755)
    with Sshd(tmp_path / "sshd", ForceCommand=str(shell)) as server:
        host = connect(server)
        assert host.run(["echo", "it's"]).stdout == "it's\n"
        (tmp_path / "big").write_bytes(b"x" * 500_000)
        assert len(host.read(tmp_path / "big")) == 500_000
        host.close()


def test_a_server_without_a_shell_is_told(tmp_path: Path, connect: Connect) -> None:
    with (
        Sshd(tmp_path / "sshd", ForceCommand="/bin/echo This account is closed") as server,
        pytest.raises(HostError, match=r"web runs no POSIX shell .*This account is closed"),
    ):
        connect(server).run(["true"])


def test_a_full_disk_is_named(host: SshHost, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x" * 100_000)
    with pytest.raises(HostError, match=r"cannot copy .*/dev/full: No space left on device"):
        host.put(source, Path("/dev/full"))
    with pytest.raises(HostError, match="No space left on device"):
        host.put(source, Path("/dev/full"))


def test_a_name_that_does_not_resolve_is_named() -> None:
    host = SshHost(Endpoint(hostname="no-such-host.invalid"))
    with pytest.raises(HostError, match=r"host name 'no-such-host.invalid' does not resolve"):
        host.run(["true"])
    host.close()


def test_a_port_where_nobody_listens_is_named(sshd: Sshd, connect: Connect) -> None:
    sshd.stop()
    with pytest.raises(HostError, match=f"cannot connect to 127.0.0.1 port {sshd.port}: Conn"):
        connect(sshd).run(["true"])


def test_a_wrong_key_is_refused(sshd: Sshd, connect: Connect, tmp_path: Path) -> None:
    make_key(tmp_path / "other")
    with pytest.raises(HostError, match=r"did not let us in: it refused the key .*other"):
        connect(sshd, identity=str(tmp_path / "other")).run(["true"])
    with pytest.raises(HostError, match=r"cannot read the key .*none: No such file"):
        connect(sshd, identity=str(tmp_path / "none")).run(["true"])


def test_a_wrong_password_is_refused_and_not_shown(tmp_path: Path, connect: Connect) -> None:
    make_key(tmp_path / "other")
    with Sshd(tmp_path / "sshd", PasswordAuthentication="yes") as server:
        host = connect(server, identity=str(tmp_path / "other"), password="hunter2")
        with pytest.raises(HostError, match="the password; name a key") as caught:
            host.run(["true"])
        assert "hunter2" not in str(caught.value)


def test_a_server_with_another_key_is_refused(sshd: Sshd, connect: Connect) -> None:
    host = connect(sshd)
    host.run(["true"])
    reached, pinned = Reached(host), sshd.server_key
    sshd.stop()
    sshd.change_key()
    sshd.start()
    reached.wait(up=False)
    with pytest.raises(HostError, match=r"host key of 127.0.0.1 is not the pinned one"):
        connect(sshd, server_key=pinned).run(["true"])


def test_a_gateway_leads_there(sshd: Sshd, tmp_path: Path, connect: Connect) -> None:
    with Sshd(tmp_path / "gate") as gate:
        known = tmp_path / "home" / ".ssh" / "known_hosts"
        known.parent.mkdir(parents=True)
        known.write_text(f"{gate.known_name} {gate.server_key}\n")
        (known.parent / "config").write_text(
            f"Host gate\n HostName {gate.address}\n Port {gate.port}\n User {gate.username}\n"
            f" IdentityFile {gate.identity}\n UserKnownHostsFile {known}\n"
        )
        home, os.environ["HOME"] = os.environ["HOME"], str(tmp_path / "home")
        try:
            host = connect(sshd, gateway="gate")
            assert host.run(["echo", "through"]).stdout == "through\n"
        finally:
            os.environ["HOME"] = home
        host.close()


def test_output_without_end_does_not_stay(host: SshHost, tmp_path: Path) -> None:
    with pytest.raises(HostError, match="'head' printed more than 64 MiB"):
        host.run(["head", "-c", str(100 << 20), "/dev/zero"])
    assert host.run(["echo", "on"]).stdout == "on\n"


def test_nothing_is_left_when_it_is_closed(host: SshHost, tmp_path: Path) -> None:
    host.run(["true"])
    folder = Path(host._shell.greeting.folder)
    assert folder.is_dir()
    host.spawn(["sleep", "60"], run_dir=tmp_path / "run")
    host.follow(tmp_path / "trace", 0, print)
    host.close()
    assert not folder.exists()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ssh-")]
    with pytest.raises(HostError, match="web was closed"):
        host.run(["true"])
