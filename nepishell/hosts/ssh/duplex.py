"""A command whose standard input and output are one stream, on a channel of its own."""

from collections.abc import Sequence

import paramiko

from nepishell.core.errors import HostError
from nepishell.hosts.ssh.asking import Asker
from nepishell.hosts.ssh.lasting import LastingShell
from nepishell.hosts.ssh.script import line


class Duplex:
    """What can be used like a socket. One thread reads while others write."""

    def __init__(self, shell: LastingShell, asker: Asker, argv: Sequence[str]) -> None:
        """Start *argv*; raises HostError. Closing ends its input."""
        try:
            self._channel = shell.open_channel()
        except paramiko.ChannelException as exc:
            raise HostError("the server allows no more sessions: see MaxSessions there") from exc
        try:
            # with our mark: should the server not notice that we are gone, we end it when back
            self._channel.exec_command(f"exec env {asker.mark()} {line(*argv)}")
        except paramiko.SSHException as exc:
            self._channel.close()
            raise HostError(f"the server starts no command beside the shell: {exc}") from exc

    def sendall(self, data: bytes, /) -> None:
        """Write all of it; raises OSError when the other end is gone."""
        self._channel.sendall(data)

    def recv(self, size: int, /) -> bytes:
        """Block until there is output; b"" at its end, and when the connection is lost."""
        data: bytes = self._channel.recv(size)
        return data

    def close(self) -> None:
        """Hang up; idempotent."""
        self._channel.close()
