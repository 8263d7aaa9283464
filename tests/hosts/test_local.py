"""What is particular to this machine as a host; see contract/ for the rest."""

import threading
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.local import LocalHost


def test_costs_nothing_until_it_is_used() -> None:
    before = threading.active_count()
    host = LocalHost("here")
    assert (host.name, threading.active_count()) == ("here", before)
    host.close()


def test_can_be_used_again_after_it_was_closed() -> None:
    host = LocalHost()
    for _ in range(2):
        assert host.run(["echo", "hello"]).stdout == "hello\n"
        host.close()


def test_errors_name_the_host(tmp_path: Path) -> None:
    host = LocalHost("here")
    with pytest.raises(HostError, match="here: command 'no-such-tool' is not found"):
        host.spawn(["no-such-tool"], run_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []
