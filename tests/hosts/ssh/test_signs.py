import socket
from collections.abc import Iterator
from time import monotonic

import pytest

from nepishell.hosts.ssh.signs import heard_at


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = socket.create_connection(server.getsockname())
        far, _ = server.accept()
        with near, far:
            yield near, far


def test_what_comes_is_heard(pair: tuple[socket.socket, socket.socket]) -> None:
    near, far = pair
    before = monotonic()
    far.sendall(b"x")
    assert near.recv(1) == b"x"
    # the kernel counts in its own ticks
    assert before - 0.1 < heard_at(near) <= monotonic()


def test_what_is_acknowledged_is_heard_although_nothing_comes(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    near, far = pair
    before = monotonic()
    near.sendall(b"x")
    assert far.recv(1) == b"x"
    assert before - 0.1 < heard_at(near) <= monotonic()


def test_nothing_is_known_of_other_ways() -> None:
    here, there = socket.socketpair()
    with here, there:
        assert heard_at(here) == 0.0
    assert heard_at(None) == 0.0
