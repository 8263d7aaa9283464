"""The hosts that keep the contract: this machine, a namespace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.hosts.base import Host
from nepishell.hosts.local import LocalHost
from nepishell.hosts.netns.lab import Lab


@pytest.fixture(params=["local", pytest.param("netns", marks=pytest.mark.lab)])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    """A host on which commands really run."""
    if request.param == "local":
        here = LocalHost()
        yield here
        here.close()
        return
    with Lab.open(tmp_path / "lab", seed=1) as lab:
        yield lab.add_host("web")
