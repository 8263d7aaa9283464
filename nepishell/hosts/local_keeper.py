"""The keeper of programs that run on this machine itself: their parent, so that they and their exit
status outlive the controller.

A small process, like the keeper of a lab and with its loop, but it enters no namespace. It ends
with what it started when it is told to, and waits for the next controller when its own was killed.
"""

import os
import socket
from collections.abc import Callable, Mapping, Sequence

from nepishell.hosts.netns import keeper
from nepishell.hosts.netns.operations import open_door
from nepishell.hosts.netns.processes import Processes, Report


class Here:
    """This machine, where a keeper of a lab has namespaces."""

    name = "here"
    inode = 0

    def enter(self) -> None:
        """We are there."""


class Programs:
    """What a controller can ask of this keeper."""

    def __init__(self, told_exit: Report) -> None:
        self._here = Here()
        self.processes = Processes(self._here, told_exit)
        self.is_closed = False
        self.door: socket.socket | None = None
        self._by_name: dict[str, Callable[..., object]] = {
            "spawn": self._spawn,
            "signal": self.processes.signal,
            "stop": self.processes.stop,
            "hold": self._hold,
            "inventory": self.processes.listed,
            "close": self.close,
        }

    def __call__(self, name: str, *arguments: object) -> object:
        """Do what a request asks; raises a Refusal."""
        return self._by_name[name](*arguments)

    def next_deadline_s(self) -> float | None:
        """Seconds until act() has something to do; None while nothing is planned."""
        return self.processes.next_deadline_s()

    def act(self) -> None:
        """Do what is due."""
        self.processes.kill_overdue()

    def close(self) -> None:
        """End all that was started here, however it got away; idempotent."""
        if self.is_closed:
            return
        self.is_closed = True
        if self.door is not None:
            self.door.close()
        self.processes.end_all((), ())

    def _hold(self, path: str) -> None:
        if self.door is None:
            self.door = open_door(path)

    def _spawn(
        self,
        token: int,
        argv: Sequence[str],
        run_dir: str,
        cwd: str,
        env: Mapping[str, str] | None,
        stdin: str | None,
    ) -> int:
        # what the machine's own programs see of us is a folder that stays
        found = self.processes.spawn(token, self._here, argv, run_dir, cwd, env, stdin, True)
        os.chdir("/")
        return found


class LocalKeeper(keeper.Keeper):
    """The loop of a lab's keeper, with other things to ask."""

    def make_operations(self, hosts_file: str) -> Programs:
        """See Programs."""
        return Programs(self._tell_exit)


def main() -> None:
    """Run for the controller at the other end of the sockets whose numbers are the arguments."""
    keeper.main(LocalKeeper)
