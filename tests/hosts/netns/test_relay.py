"""The relay process, over sockets that keep the bounds of what is written as packet sockets do."""

import json
import select
import socket
import subprocess
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from nepishell.hosts.netns import barestart
from nepishell.hosts.netns.relayframe import VNET_HEADER

PATIENCE_S = 20.0


class RelayUnderTest:
    """A relay process and the control socket to it."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.settimeout(PATIENCE_S)
        with theirs:
            argv = barestart.command("nepishell.hosts.netns.relay", str(theirs.fileno()))
            self.process = subprocess.Popen(argv, pass_fds=(theirs.fileno(),))
        self.sockets: list[socket.socket] = []

    def ask(self, op: str, path: str = "p", fds: tuple[int, ...] = (), **more: Any) -> Any:
        request = {"op": op, "path": path, **more}
        socket.send_fds(self.control, [json.dumps(request).encode()], fds)
        return json.loads(self.control.recv(1 << 16))

    def add(self, path: str = "p", seed: str = "1", **shape: float) -> tuple[socket.socket, ...]:
        """A path; the sockets to write into it and to read what comes out."""
        into, source = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        target, out = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sockets += [into, out]
        with source, target:
            fds = (source.fileno(), target.fileno())
            assert self.ask("add", path, fds, seed=seed, shape=shape) == {}
        out.settimeout(PATIENCE_S)
        return into, out

    def close(self) -> None:
        for end in (self.control, *self.sockets):
            end.close()
        self.process.wait(PATIENCE_S)


@pytest.fixture
def relay() -> Iterator[RelayUnderTest]:
    under_test = RelayUnderTest()
    yield under_test
    under_test.close()


def frame(number: int) -> bytes:
    return bytes(VNET_HEADER) + number.to_bytes(4, "big") + bytes(60)


def test_frames_pass_whole_and_unchanged(relay: RelayUnderTest) -> None:
    into, out = relay.add()
    frames = [
        bytes(VNET_HEADER) + bytes([n % 256]) * size for n, size in enumerate((60, 1514, 65000))
    ]
    for sent in frames:
        into.send(sent)
    assert [out.recv(1 << 17) for _ in frames] == frames


def test_no_frame_arrives_before_its_delay(relay: RelayUnderTest) -> None:
    into, out = relay.add(delay=0.05)
    sent = []
    for n in range(20):
        sent.append(monotonic())
        into.send(frame(n))
    for n in range(20):
        assert out.recv(2048) == frame(n)
        assert monotonic() - sent[n] >= 0.05


def test_a_rate_is_never_exceeded(relay: RelayUnderTest) -> None:
    into, out = relay.add(rate=64 * 8 * 1000.0)
    start = monotonic()
    for n in range(50):
        into.send(frame(n))
    for n in range(50):
        assert out.recv(2048) == frame(n)
    assert monotonic() - start >= 0.050


def test_a_change_takes_effect_on_what_is_in_flight(relay: RelayUnderTest) -> None:
    into, out = relay.add(delay=3600.0)
    into.send(frame(1))
    while relay.ask("stats")["flying"] == 0:
        pass
    assert relay.ask("set", shape={"delay": 0.001}) == {}
    assert out.recv(2048) == frame(1)


def test_a_path_that_is_up_again_carries_again(relay: RelayUnderTest) -> None:
    into, out = relay.add(up=False)
    into.send(frame(1))
    while relay.ask("stats")["drops"]["down"] == 0:
        pass
    relay.ask("set", shape={"up": True})
    into.send(frame(2))
    assert out.recv(2048) == frame(2)


def test_the_last_counters_come_with_the_removal(relay: RelayUnderTest) -> None:
    into, out = relay.add()
    into.send(frame(1))
    out.recv(2048)
    last = relay.ask("remove")
    assert (last["packets_in"], last["packets_out"], last["overrun"]) == (1, 1, 0)
    assert select.select([out], [], [], PATIENCE_S)[0]
    assert out.recv(2048) == b""
    assert "KeyError" in relay.ask("stats")["error"]


def test_a_target_that_takes_nothing_does_not_stop_the_others(relay: RelayUnderTest) -> None:
    into, _never_read = relay.add("full")
    other_in, other_out = relay.add("other")
    for n in range(2000):
        into.send(frame(n))
    while relay.ask("stats", "full")["packets_in"] < 2000:
        pass
    other_in.send(frame(7))
    assert other_out.recv(2048) == frame(7)
    stats = relay.ask("stats", "full")
    assert stats["drops"]["send"] > 0
    assert stats["packets_out"] + stats["drops"]["send"] == 2000


def test_two_paths_of_one_seed_and_name_lose_alike(relay: RelayUnderTest) -> None:
    survivors = []
    for path in ("one", "two"):
        into, _out = relay.add(path, seed="5 forward", loss=50)
        for n in range(200):
            into.send(frame(n))
        while relay.ask("stats", path)["packets_in"] < 200:
            pass
        _out.setblocking(False)
        arrived = []
        while select.select([_out], [], [], 0)[0]:
            arrived.append(_out.recv(2048))
        survivors.append(arrived)
    assert 50 < len(survivors[0]) < 150
    assert survivors[0] == survivors[1]


def test_a_request_that_makes_no_sense_is_answered_with_an_error(relay: RelayUnderTest) -> None:
    assert "error" in relay.ask("dance")
    assert "error" in relay.ask("set", "nobody", shape={})


def test_it_ends_when_the_other_side_is_gone() -> None:
    under_test = RelayUnderTest()
    under_test.add(delay=1.0)
    under_test.close()
    assert under_test.process.returncode == 0
