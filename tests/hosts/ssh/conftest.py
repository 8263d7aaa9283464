"""A server of its own for each test, and hosts that are closed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from nepishell.hosts.ssh import SshHost, Timing
from tests.sshd import Sshd

#: Losses are noticed at once, by events; the pauses are short.
QUICK = Timing(keep_alive_s=0.2, patience_s=0.5, first_retry_s=0.02, most_retry_s=0.1)

Connect = Callable[..., SshHost]


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    with Sshd(tmp_path / "sshd") as server:
        yield server


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Hosts for (server, changes of its endpoint); closed at the end."""
    with ExitStack() as stack:

        def make(server: Sshd, timing: Timing = QUICK, **changes: Any) -> SshHost:
            host = SshHost(server.endpoint(**changes), name="web", timing=timing)
            stack.callback(host.close)
            return host

        yield make


@pytest.fixture
def host(sshd: Sshd, connect: Connect) -> SshHost:
    return connect(sshd)
