"""This machine as a node."""

import os
from collections.abc import Mapping

from nepishell.core.states import ResourceState
from nepishell.hosts.local import LocalHost
from nepishell.resources.node import AbstractNode, by_sudo, kept_here


class LocalNode(AbstractNode):
    """This machine, as it is: applications run beside everything else on it."""

    rtype = "local::Node"

    def elevate(self, argv: list[str], env: Mapping[str, str]) -> list[str]:
        """By sudo, without a password, unless we are root."""
        return argv if os.geteuid() == 0 else by_sudo(argv, env)

    def do_provision(self) -> None:
        """A host of our own, so that release ends what we started and nothing else."""
        self._host = LocalHost(self.label or "localhost", kept_here(self.ec))
        super().do_provision()

    def do_resume(self, acts: dict[str, str]) -> None:
        """The machine is still there; what runs on it is found by who started it."""
        if ResourceState.PROVISIONED <= self.state < ResourceState.RELEASED:
            self._host = LocalHost(self.label or "localhost", kept_here(self.ec))

    def do_release(self) -> object:
        """End what still runs."""
        if self._host is not None:
            self._host.close()
        return super().do_release()
