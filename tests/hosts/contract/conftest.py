"""The hosts that keep the contract: this machine, a namespace, one that is reached by SSH."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.hosts.base import Host
from nepishell.hosts.local import LocalHost
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.ssh import SshHost
from tests.sshd import Sshd


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """A server with the limits of a stock one."""
    with Sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(params=["local", pytest.param("netns", marks=pytest.mark.lab), "ssh"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    """A host on which commands really run."""
    if request.param == "local":
        here = LocalHost()
        yield here
        here.close()
        return
    if request.param == "ssh":
        server: Sshd = request.getfixturevalue("sshd")
        there = SshHost(server.endpoint())
        yield there
        there.close()
        return
    with Lab.open(tmp_path / "lab", seed=1) as lab:
        yield lab.add_host("web")
