"""The process that measures links for the keeper, which has no time to wait for probes.

Requests and answers are JSON over the SEQPACKET socket whose number is the argument: a request
{"id", "engine", "forward", "backward"} brings the link's two probe sockets; the answer has the
same id and what was measured. Requests that come together are measured together.
"""

import json
import select
import socket
import sys
from contextlib import suppress
from dataclasses import asdict
from threading import Thread

from nepishell.hosts.netns import probe
from nepishell.hosts.netns.shapes import from_fields

REQUEST_MAX = 1 << 14

#: What came with one datagram: the request, and the link that it asks about.
_Asked = tuple[int, probe.ProbedLink]


def _receive(control: socket.socket) -> _Asked | None:
    """One request; None at end of file."""
    data, fds, _, _ = socket.recv_fds(control, REQUEST_MAX, 2)
    if not data:
        return None
    request = json.loads(data)
    a, b = (socket.socket(fileno=fd) for fd in fds)
    link = probe.ProbedLink(
        a=a,
        b=b,
        forward=from_fields(request["forward"]),
        backward=from_fields(request["backward"]),
        engine=request["engine"],
    )
    return request["id"], link


def _measure(control: socket.socket, asked: list[_Asked]) -> None:
    results = probe.measure([link for _, link in asked])
    for (number, link), (forward, backward) in zip(asked, results, strict=True):
        # closing waits for all processors (synchronize_net, 15 ms): many at once wait once
        for end in (link.a, link.b):
            Thread(target=end.close).start()
        answer = {"id": number, "forward": asdict(forward), "backward": asdict(backward)}
        control.send(json.dumps(answer).encode())


def serve(control: socket.socket) -> None:
    """Measure until the other end is closed."""
    # not select(): the keeper of a large lab hands us a socket with a number beyond its 1024
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while True:
        asked: list[_Asked] = []
        while not asked or poll.poll(0):
            request = _receive(control)
            if request is None:
                return
            asked.append(request)
        _measure(control, asked)


def main() -> None:
    """Serve the control socket whose number is the first argument."""
    with (
        socket.socket(fileno=int(sys.argv[1])) as control,
        suppress(BrokenPipeError, ConnectionResetError),
    ):
        serve(control)
