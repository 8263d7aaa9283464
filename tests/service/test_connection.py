"""Lines that wait to go."""

import socket
from collections.abc import Iterator

import pytest

from nepishell.service import wire
from nepishell.service.connection import Connection


@pytest.fixture
def ends() -> Iterator[tuple[Connection, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    connection = Connection(ours, lambda changed: None)
    with theirs:
        yield connection, theirs
        connection.close()


def test_events_are_refused_when_too_much_waits_and_answers_are_not(
    ends: tuple[Connection, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, _ = ends
    monkeypatch.setattr(wire, "MOST_UNSENT", 100)
    assert connection.offer(b"x" * 90)
    assert not connection.offer(b"x" * 90)
    connection.send({"id": 1})
    assert connection.wants_to_write


def test_a_line_goes_in_parts_to_who_reads_slowly(ends: tuple[Connection, socket.socket]) -> None:
    connection, theirs = ends
    connection.offer(b"x" * 1_000_000 + b"\n")
    got = b""
    while not got.endswith(b"\n"):
        connection.write()
        got += theirs.recv(100_000)
    assert len(got) == 1_000_001
    assert not connection.wants_to_write


def test_requests_come_in_order_and_then_the_end(ends: tuple[Connection, socket.socket]) -> None:
    connection, theirs = ends
    connection.at_once = lambda asked: "interrupt" in asked
    theirs.sendall(b'{"do":"a"}\n\n{"interrupt":true}\nnonsense\n')
    theirs.close()
    connection.read()
    connection.read()
    first, second, end = (connection.requests.get() for _ in range(3))
    assert first is not None
    assert first.asked == {"do": "a"}
    assert second is not None
    assert "expecting value" in second.problem
    assert end is None
    assert not connection.wants_to_read


def test_who_is_gone_gets_nothing_more(ends: tuple[Connection, socket.socket]) -> None:
    connection, theirs = ends
    lost: list[bool] = []
    connection.on_lost = lambda: lost.append(True)
    theirs.close()
    connection.send({"id": 1})
    connection.write()
    assert lost == [True]
    connection.send({"id": 2})
    assert not connection.wants_to_write
