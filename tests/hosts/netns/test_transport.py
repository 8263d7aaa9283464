"""One stream carries answers and events; they come out apart."""

import socket

from nepishell.hosts.netns import wire
from nepishell.hosts.netns.transport import StreamTransport


def test_answers_and_events_are_sorted_however_they_are_cut() -> None:
    ours, theirs = socket.socketpair()
    transport = StreamTransport(ours, "m")
    answers, events = wire.Lines(transport.requests), wire.Lines(transport.events)
    data = b'{"ok":1}\n["exit",1]\n{"ok":2}\n["exit",2]\n'
    for at in range(0, len(data), 7):
        theirs.sendall(data[at : at + 7])
    found: list[bytes] = []
    while len(found) < 2:
        found += answers.read()
    told: list[bytes] = []
    while len(told) < 2:
        told += events.read()
    assert (found, told) == ([b'{"ok":1}', b'{"ok":2}'], [b'["exit",1]', b'["exit",2]'])
    theirs.close()
    transport.wait()
    assert answers.read() == events.read() == []
    transport.close()
    transport.events.close()


def test_requests_go_into_the_stream() -> None:
    ours, theirs = socket.socketpair()
    transport = StreamTransport(ours, "m")
    transport.requests.sendall(b'["add_hosts",[]]\n')
    assert theirs.recv(100) == b'["add_hosts",[]]\n'
    theirs.close()
    transport.close()
    transport.events.close()
