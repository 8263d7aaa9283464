"""Links on relay processes; and real traffic through them, between real hosts."""

import os
import signal
import socket
from collections.abc import Iterator

import pytest

from bench.wire import ADDRESSES, LINK, Wire
from nepishell.core.errors import HostError
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.relaydirection import lost_of
from nepishell.hosts.netns.relayframe import VNET_HEADER
from nepishell.hosts.netns.relaypool import RelayLink, RelayPool, wire_shape

PATIENCE_S = 20.0
UDP_SEGMENT = 103  # from linux/udp.h
FRAME = bytes(VNET_HEADER) + bytes(60)


@pytest.fixture
def pool() -> Iterator[RelayPool]:
    under_test = RelayPool(2)
    yield under_test
    under_test.close()


class Ends:
    """The outer ends of a link whose inner ends a pool carries."""

    def __init__(self, name: str, shape: Shape) -> None:
        self.a, inner_a = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.b, inner_b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self.a, self.b):
            end.settimeout(PATIENCE_S)
        self.link = RelayLink(
            name=name, a=inner_a, b=inner_b, forward=shape, backward=shape, seed=1
        )

    def close(self) -> None:
        for end in (self.a, self.b, self.link.a, self.link.b):
            end.close()


@pytest.fixture
def ends() -> Iterator[list[Ends]]:
    made = [Ends(f"link{n}", Shape()) for n in range(3)]
    yield made
    for end in made:
        end.close()


def test_a_link_carries_both_ways(pool: RelayPool, ends: list[Ends]) -> None:
    pool.add([end.link for end in ends])
    for n, end in enumerate(ends):
        end.a.send(FRAME + bytes([n]))
        assert end.b.recv(2048) == FRAME + bytes([n])
        end.b.send(FRAME + bytes([n + 10]))
        assert end.a.recv(2048) == FRAME + bytes([n + 10])


def test_no_more_processes_are_started_than_allowed(pool: RelayPool, ends: list[Ends]) -> None:
    assert pool.pids == []
    pool.add([end.link for end in ends])
    assert len(pool.pids) == 2


def test_both_directions_are_counted(pool: RelayPool, ends: list[Ends]) -> None:
    pool.add([ends[0].link])
    ends[0].a.send(FRAME)
    ends[0].b.recv(2048)
    stats = pool.stats("link0")
    assert [stats[way]["packets_out"] for way in ("forward", "backward")] == [1, 0]


def test_a_removed_link_is_unknown_and_its_sockets_are_given_back(
    pool: RelayPool, ends: list[Ends]
) -> None:
    pool.add([ends[0].link])
    pool.remove("link0")
    assert ends[0].a.recv(1) == b""
    with pytest.raises(HostError, match="no relayed link 'link0'"):
        pool.stats("link0")


def test_a_process_that_died_is_reported_in_one_line(pool: RelayPool, ends: list[Ends]) -> None:
    pool.add([ends[0].link])
    for pid in pool.pids:
        os.kill(pid, signal.SIGKILL)
    for _ in range(2):
        with pytest.raises(HostError, match=r"^relay process \d+ is gone: its links are dead$"):
            pool.stats("link0")


def test_after_a_process_died_its_links_can_go_and_new_ones_come(
    pool: RelayPool, ends: list[Ends]
) -> None:
    pool.add([ends[0].link])
    for pid in pool.pids:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert pool.remove("link0") == {}
    pool.add([ends[1].link])
    ends[1].a.send(FRAME)
    assert ends[1].b.recv(2048) == FRAME


def test_close_ends_every_process(ends: list[Ends]) -> None:
    pool = RelayPool(2)
    pool.add([end.link for end in ends])
    pids = pool.pids
    pool.close()
    pool.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_queue_that_was_not_given_fits_the_rate() -> None:
    assert wire_shape(Shape(rate=10e6))["queue"] == 83
    assert wire_shape(Shape(rate=10e6, queue=7))["queue"] == 7


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire(Shape(), Shape())
    yield made
    made.close()


def transfer(wire: Wire, data: bytes, address: str = ADDRESSES["b"]) -> bytes:
    """Send *data* over TCP from host a to host b; what arrived."""
    with wire.inside("b", socket.create_server, (address, 7777)) as listener:
        listener.settimeout(PATIENCE_S)
        with wire.inside("a", socket.socket) as sender:
            sender.settimeout(PATIENCE_S)
            sender.connect((address, 7777))
            receiver, _ = listener.accept()
            with receiver:
                receiver.settimeout(PATIENCE_S)
                sender.sendall(data)
                sender.shutdown(socket.SHUT_WR)
                arrived = bytearray()
                while chunk := receiver.recv(1 << 16):
                    arrived += chunk
    return bytes(arrived)


@pytest.mark.root
@pytest.mark.lab
@pytest.mark.parametrize(
    "shape",
    [
        Shape(),
        Shape(delay=0.002),
        Shape(delay=0.002, jitter=0.001, loss=2, duplicate=5, reorder=10, corrupt=2),
        Shape(rate=100e6, delay=0.001),
    ],
)
def test_tcp_delivers_every_byte_through_any_shape(wire: Wire, shape: Shape) -> None:
    wire.shape(shape, shape)
    # fits the socket buffers: sent before it is read
    data = os.urandom(100_000)
    assert transfer(wire, data) == data


@pytest.mark.root
@pytest.mark.lab
def test_a_plain_delay_carries_segments_joined_and_a_loss_one_by_one(wire: Wire) -> None:
    def packets(shape: Shape) -> int:
        wire.shape(shape, Shape())
        before = wire.pool.stats(LINK)["forward"]["packets_in"]
        transfer(wire, bytes(100_000))
        return int(wire.pool.stats(LINK)["forward"]["packets_in"]) - before

    assert packets(Shape(loss=1e-9)) >= 100_000 // 1500
    assert packets(Shape(delay=0.001)) < 100_000 // 1500


@pytest.mark.root
@pytest.mark.lab
def test_datagrams_sent_joined_arrive_one_by_one(wire: Wire) -> None:
    wire.shape(Shape(delay=0.001), Shape())
    with (
        wire.inside("b", socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        wire.inside("a", socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind((ADDRESSES["b"], 7777))
        receiver.settimeout(PATIENCE_S)
        sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, 500)
        sender.sendto(b"1" * 500 + b"2" * 500, (ADDRESSES["b"], 7777))
        assert [receiver.recv(2000) for _ in range(2)] == [b"1" * 500, b"2" * 500]


@pytest.mark.root
@pytest.mark.lab
def test_tcp_inside_a_tunnel_passes_a_plain_delay(wire: Wire) -> None:
    wire.shape(Shape(delay=0.001), Shape(delay=0.001))
    inner = {"a": "10.8.0.1", "b": "10.8.0.2"}
    for name, other in (("a", "b"), ("b", "a")):
        ends = f"local {ADDRESSES[name]} remote {ADDRESSES[other]} dev eth0"
        tunnel = f"link add tunnel type vxlan id 7 dstport 4789 {ends}"
        up = "link set tunnel up"
        wire.ip(name, [tunnel, up, f"address add {inner[name]}/24 dev tunnel"])
    data = os.urandom(100_000)
    assert transfer(wire, data, inner["b"]) == data


@pytest.mark.root
@pytest.mark.lab
def test_a_corrupt_packet_is_noticed_by_its_checksum(wire: Wire) -> None:
    wire.shape(Shape(corrupt=100), Shape())
    with (
        wire.inside("b", socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        wire.inside("a", socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind((ADDRESSES["b"], 7777))
        receiver.settimeout(PATIENCE_S)
        # the neighbours must know each other before their frames are harmed
        wire.shape(Shape(), Shape())
        sender.sendto(b"clean", (ADDRESSES["b"], 7777))
        assert receiver.recv(100) == b"clean"
        wire.shape(Shape(corrupt=100), Shape())
        for _ in range(50):
            sender.sendto(b"harmed" * 20, (ADDRESSES["b"], 7777))
        while wire.pool.stats(LINK)["forward"]["corrupted"] < 50:
            pass
        wire.shape(Shape(), Shape())
        sender.sendto(b"clean again", (ADDRESSES["b"], 7777))
        assert receiver.recv(1000) == b"clean again"


@pytest.mark.root
@pytest.mark.lab
def test_hosts_that_go_down_and_up_are_carried_again(wire: Wire) -> None:
    assert transfer(wire, b"before") == b"before"
    for host in ("a", "b"):
        wire.ip(host, ["link set eth0 down", "link set eth0 up"])
    wire.ip("core", ["link set to-a down", "link set to-a up"])
    assert transfer(wire, b"after") == b"after"


def test_what_a_shape_drops_is_no_overrun() -> None:
    drops = {"loss": 5, "queue": 3, "down": 1, "memory": 2, "send": 1}
    assert lost_of({"drops": drops, "overrun": 4}) == 7
    assert lost_of({}) == 0
