"""A node on which nothing runs, for what a host must be scripted to do."""

import pytest

from nepishell.engine.factory import ResourceFactory
from nepishell.hosts.fake import FakeHost
from nepishell.resources.node import AbstractNode


class FakeNode(AbstractNode):
    """A node whose processes end when a test says so."""

    rtype = "fake::Node"

    def do_provision(self) -> None:
        self._host = FakeHost(self.name)
        super().do_provision()


@pytest.fixture
def fake(lab):
    """A builder with one running fake node 'n'."""
    ResourceFactory.register_type(FakeNode)
    lab.add("fake::Node", "n")
    lab.up()
    return lab


@pytest.fixture
def local(lab):
    """A builder with this machine as node 'n'."""
    lab.add("local::Node", "n")
    lab.up()
    return lab


@pytest.fixture
def pair(lab):
    """Two hosts h1 and h2 of the embedded lab with a plain link, running."""
    lab.node("h1", "h2")
    lab.add("netns::Link", "l1", "h1", "h2")
    lab.up()
    return lab
