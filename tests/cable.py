"""A real SSH server in a network namespace, at the other end of a link that a test can cut."""

import socket
from contextlib import ExitStack
from pathlib import Path

from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port
from nepishell.hosts.ssh.transport import dial
from tests.sshd import Sshd, inside


class Cable:
    """`sshd` is at its far end; `dial` connects from the near one. All ends with *stack*."""

    def __init__(self, folder: Path, stack: ExitStack, **options: str) -> None:
        self._lab = stack.enter_context(Lab.open(folder / "cable", seed=1))
        near, far = self._lab.add_hosts(["near", "far"])
        self._lab.add_link(
            "cable",
            Port(host="near", ifname="e0", addresses=("10.9.0.1/24",)),
            Port(host="far", ifname="e0", addresses=("10.9.0.2/24",)),
        )
        self._near, there = (
            f"/proc/{each.spawn(['sleep', '600'], run_dir=folder / each.name).pid}/ns/net"
            for each in (near, far)
        )
        self.sshd = stack.enter_context(
            Sshd(
                folder / "sshd",
                address="10.9.0.2",
                prefix=("nsenter", f"--net={there}"),
                **options,
            )
        )

    def dial(self, hostname: str, port: int, timeout_s: float) -> socket.socket:
        """See nepishell.hosts.ssh.connection.Dial."""
        found: socket.socket = inside(self._near, lambda: dial(hostname, port, timeout_s))
        return found

    def plug(self, up: bool) -> None:
        """Pull it out, or put it in again."""
        self._lab.set_port("far", "e0", up=up)
