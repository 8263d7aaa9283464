"""Machines to build a lab on: hosts of a lab of their own, each with a stream to it."""

import contextlib
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from nepishell.hosts.netns.host import NetnsHost
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.machine import Machine


class Stream:
    """The standard input and output of a process, which has ended when this is closed."""

    def __init__(self, ours: socket.socket, process: subprocess.Popen[bytes]) -> None:
        self._socket = ours
        self.process = process
        self.sendall, self.recv = ours.sendall, ours.recv

    def cut(self) -> None:
        """What happens when the connection is lost."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self.process.wait(20)
        self._socket.close()


class MachineHost(NetnsHost):
    """A host of a lab that commands can be started on with a stream, as sshd would."""

    def channel(self, argv: Sequence[str]) -> Stream:
        doors = self._lab.call("doors", self._name)
        assert isinstance(doors, list)
        where = f"/proc/{self._lab.keeper_pid}/fd"
        kinds = zip(("net", "mount", "uts"), doors, strict=True)
        enter = ["nsenter", *(f"--{kind}={where}/{fd}" for kind, fd in kinds), "--"]
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen([*enter, *argv], stdin=theirs, stdout=theirs, cwd="/")
        return Stream(ours, process)


def unchanged(argv: list[str], env: Mapping[str, str]) -> list[str]:
    return argv


def machine(
    lab: Lab, name: str, address: str, folder: Path, kind: type[MachineHost] = MachineHost
) -> Machine:
    """A host of *lab* as a machine."""
    return Machine(
        name=name,
        host=kind(lab, name),
        python="/usr/bin/python3",
        folder=folder / name,
        address=address,
        elevate=unchanged,
    )


def never() -> None:
    raise AssertionError("the part of the lab was lost")
