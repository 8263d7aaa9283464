"""Requests from many threads over one socket."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns import wire
from nepishell.hosts.netns.channel import Channel


def serve(keeper: socket.socket, rounds: list[int]) -> None:
    """Answer each request with its argument; remember how many came at a time."""
    lines = wire.Lines(keeper)
    while batch := lines.read():
        rounds.append(len(batch))
        answers = [json.loads(line) for line in batch]
        keeper.sendall(
            b"".join(
                wire.encode({"error": "no such thing"} if name == "fail" else {"ok": argument})
                for name, argument in answers
            )
        )


def test_every_caller_gets_its_own_answer() -> None:
    ours, theirs = socket.socketpair()
    rounds: list[int] = []
    server = threading.Thread(target=serve, args=(theirs, rounds))
    server.start()
    channel = Channel(ours)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: channel.call("echo", n), range(500)))
    with pytest.raises(HostError, match=r"^no such thing$"):
        channel.call("fail", 0)
    channel.close()
    server.join()
    theirs.close()
    assert answers == list(range(500))
    assert sum(rounds) == 501


def test_a_keeper_that_is_gone_is_an_error_for_everybody() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    channel = Channel(ours)
    for _ in range(2):
        with pytest.raises(HostError, match="the lab is closed or its keeper has died"):
            channel.call("echo", 1)
    channel.close()
