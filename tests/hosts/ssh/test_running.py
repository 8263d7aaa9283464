"""Long commands and followed files of one host, where its own room decides."""

from pathlib import Path
from queue import Queue

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.base import Exit
from nepishell.hosts.ssh import SshHost
from tests.sshd import PATIENCE_S


def test_a_directory_that_cannot_be_made_is_named(host: SshHost, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HostError, match=r"cannot make the directory .*file/run: "):
        host.spawn(["true"], run_dir=tmp_path / "file" / "run")


def test_a_missing_input_is_named(host: SshHost, tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"cannot open .*none: No such file"):
        host.spawn(["cat"], run_dir=tmp_path, stdin=tmp_path / "none")


def test_environments_may_hold_anything(host: SshHost, tmp_path: Path) -> None:
    ends, odd = Queue[Exit](), 'it\'s "$HOME"\n`ls`'
    host.spawn(
        ["sh", "-c", 'printf %s "$ODD"'], run_dir=tmp_path, env={"ODD": odd}, on_exit=ends.put
    )
    assert ends.get(timeout=PATIENCE_S).status == 0
    assert (tmp_path / "stdout").read_text() == odd


def test_the_same_directory_serves_again(host: SshHost, tmp_path: Path) -> None:
    ends = Queue[Exit]()
    for status in (3, 4):
        script = f"test -e exitcode && echo old; exit {status}"
        host.spawn(["sh", "-c", script], run_dir=tmp_path, on_exit=ends.put)
        assert ends.get(timeout=PATIENCE_S).status == status
        assert (tmp_path / "stdout").read_text() == ""
    assert (tmp_path / "exitcode").read_text() == "4\n"


def test_followed_bytes_need_not_be_text(host: SshHost, tmp_path: Path) -> None:
    trace, came = tmp_path / "it's\na trace", Queue[bytes]()
    trace.write_bytes(bytes(range(256)))
    stop = host.follow(trace, 250, came.put)
    assert came.get(timeout=PATIENCE_S) == bytes(range(250, 256))
    stop()
