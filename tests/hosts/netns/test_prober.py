"""The measuring process, asked as the keeper asks it."""

import json
import socket
import threading

from nepishell.hosts.netns import prober
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.shapes import to_fields


def test_answers_each_request_by_its_number_until_nobody_asks() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for end in (a, b):
        end.setblocking(False)
    server = threading.Thread(target=prober.serve, args=(theirs,))
    server.start()
    shape = to_fields(Shape())
    request = {"id": 7, "engine": "veth", "forward": shape, "backward": shape}
    with ours, a, b:
        socket.send_fds(ours, [json.dumps(request).encode()], [a.fileno(), b.fileno()])
        answer = json.loads(ours.recv(1 << 14))
    server.join()
    theirs.close()
    assert answer["id"] == 7
    assert answer["forward"]["received"] == answer["forward"]["sent"] > 0
