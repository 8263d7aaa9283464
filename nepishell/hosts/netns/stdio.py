"""A keeper behind standard input and output: what runs on another machine for its part of a lab.

Started there with the keeper's files beside it. Requests come in, answers and events go out, a
line each (transport.py sorts them). When the input ends, because the controller or the connection
is gone, so does the keeper, and all that it made.
"""

import os
import select
import socket
import subprocess
import sys
from contextlib import suppress

from nepishell.hosts.netns import barestart

KEEPER = "nepishell.hosts.netns.keeper"
_CHUNK = 1 << 16
_INPUT, _OUTPUT = 0, 1


class Bridge:
    """Between our standard streams and the keeper's two sockets."""

    def __init__(self, requests: socket.socket, events: socket.socket) -> None:
        self._requests = requests
        self._rests = {requests.fileno(): b"", events.fileno(): b""}
        self._poll = select.poll()
        for fd in (_INPUT, *self._rests):
            self._poll.register(fd, select.POLLIN)

    def serve(self) -> None:
        """Until one side ends."""
        with suppress(OSError):
            while all(self._carry(fd) for fd, _ in self._poll.poll()):
                pass

    def _carry(self, fd: int) -> bool:
        """Pass on what is there; False at the end of file."""
        data = os.read(fd, _CHUNK)
        if not data:
            return False
        if fd == _INPUT:
            self._requests.sendall(data)
            return True
        # whole lines: those of the two sockets must not run into each other
        whole, newline, self._rests[fd] = (self._rests[fd] + data).rpartition(b"\n")
        rest = memoryview(whole + newline)
        while rest:
            rest = rest[os.write(_OUTPUT, rest) :]
        return True


def main() -> None:
    """Serve with the file of host names and the log that are the arguments."""
    hosts_file, log = sys.argv[1:3]
    with open(hosts_file, "a"):  # noqa: PTH123 - pathlib doubles the start
        pass
    requests, their_requests = socket.socketpair()
    events, their_events = socket.socketpair()
    with open(log, "wb") as errors, requests, events:  # noqa: PTH123
        with their_requests, their_events:
            numbers = their_requests.fileno(), their_events.fileno()
            keeper = subprocess.Popen(
                barestart.command(KEEPER, *map(str, numbers), hosts_file),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=numbers,
                start_new_session=True,
                cwd="/",
            )
        try:
            Bridge(requests, events).serve()
        finally:
            requests.close()
            events.close()
            keeper.wait()


if __name__ == "__main__":
    main()
