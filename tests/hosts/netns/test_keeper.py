"""The keeper itself, by its two sockets; see test_keeping.py for what it leaves behind."""

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.hosts.netns import barestart, wire

pytestmark = pytest.mark.lab


class Keeper:
    """A keeper and our ends of its sockets."""

    def __init__(self, folder: Path) -> None:
        self.requests, theirs = socket.socketpair()
        self.events, their_events = socket.socketpair()
        hosts = folder / "hosts"
        hosts.touch()
        with theirs, their_events:
            numbers = theirs.fileno(), their_events.fileno()
            argv = barestart.command("nepishell.hosts.netns.keeper", *map(str, numbers), str(hosts))
            self.process = subprocess.Popen(argv, pass_fds=numbers)
        self.lines = wire.Lines(self.requests)

    def ask(self, *requests: object) -> list[object]:
        self.requests.sendall(b"".join(wire.encode(request) for request in requests))
        answers: list[object] = []
        while len(answers) < len(requests):
            answers += [json.loads(line) for line in self.lines.read()]
        return answers


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    running = Keeper(tmp_path)
    assert json.loads(running.lines.read()[0]) == {"ok": running.process.pid}
    yield running
    running.requests.close()
    running.events.close()
    assert running.process.wait(20) == 0


def test_answers_in_order_and_goes_on_after_a_refusal(keeper: Keeper) -> None:
    answers = keeper.ask(
        ["add_hosts", [["h1", False]]],
        ["add_hosts", [["h1", False]]],
        ["remove_hosts", ["h1"]],
    )
    refusal = {"error": "the lab already has a host 'h1'"}
    assert answers == [{"ok": None}, refusal, {"ok": None}]


def test_ends_when_it_is_told_to_close(keeper: Keeper) -> None:
    assert keeper.ask(["close"]) == [{"ok": None}]
    assert keeper.process.wait(20) == 0


def test_a_controller_that_does_not_listen_does_not_stop_the_lab(
    keeper: Keeper, tmp_path: Path
) -> None:
    run_dir = str(tmp_path / "run")
    keeper.events.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    keeper.ask(["add_hosts", [["h1", False]]])
    spawned = [
        keeper.ask(["spawn", token, "h1", ["true"], run_dir, run_dir, None, None, True])
        for token in range(300)
    ]
    assert len(spawned) == 300
    lines = wire.Lines(keeper.events)
    told: list[int] = []
    while len(told) < 300:
        told += [json.loads(line)[1] for line in lines.read()]
    assert sorted(told) == list(range(300))
