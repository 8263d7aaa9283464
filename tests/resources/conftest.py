"""A controller with all types, shut down at the end; what is built is really built."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nepishell.engine.controller import ExperimentController
from nepishell.resources import table


class Builder:
    """Registers, connects and deploys in as few words as a recipe has."""

    def __init__(self, ec: ExperimentController) -> None:
        self.ec = ec

    def add(self, rtype: str, label: str, *peers: str, **attributes: object) -> int:
        """A resource, connected to those that have these labels."""
        guid = self.ec.register_resource(rtype, label=label, **attributes)
        for peer in peers:
            self.ec.register_connection(guid, self.ec.find(peer))
        return guid

    def node(self, *labels: str, **attributes: object) -> None:
        for label in labels:
            self.add("netns::Node", label, **attributes)

    def up(self, *labels: str) -> None:
        """Deploy (all that is new without labels) and wait until it is STARTED."""
        guids = [self.ec.find(label) for label in labels] or [
            guid for guid in self.ec.resources if self.ec.state(guid) == 0
        ]
        self.ec.deploy(guids)
        done = self.ec.wait_started(guids, timeout=20)
        assert done, done.reason

    def finished(self, label: str) -> None:
        """Wait until the application is over by itself."""
        done = self.ec.wait_finished(self.ec.find(label), timeout=20)
        assert done, done.reason

    def rm(self, label: str):
        return self.ec.get_resource(self.ec.find(label))

    def run(self, label: str, *argv: str):
        """A short command on a node."""
        return self.rm(label).host.run(argv)

    def addresses(self, label: str) -> list[str]:
        """interface/address of a node, as the kernel has them."""
        lines = self.run(label, "ip", "-o", "-4", "addr", "show", "scope", "global").stdout
        return [f"{line.split()[1]} {line.split()[3]}" for line in lines.splitlines()]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Builder]]:
    """Makes builders, each with a controller of its own."""
    table.register_all()
    made: list[ExperimentController] = []

    def build(**kwargs: object) -> Builder:
        ec = ExperimentController(local_dir=tmp_path / f"runs{len(made)}", **kwargs)
        made.append(ec)
        return Builder(ec)

    yield build
    for ec in made:
        ec.shutdown()


@pytest.fixture
def lab(make: Callable[..., Builder]) -> Builder:
    return make(seed=1)
