"""Messages for queueing disciplines: against another encoder, and in real interfaces.

This kernel may have no netem: its messages are then only compared, and the probe says so
(test_engines.py).
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from time import monotonic
from typing import Any

import pytest
from pyroute2.netlink.rtnl.tcmsg import sched_netem, tcmsg
from pyroute2.netlink.rtnl.tcmsg.common import percent2u32

from bench.wire import Namespaces
from nepishell.hosts.netns import netlink, qdisc
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.netlink import attr, attr_text

NETEM_RATE64, NETEM_LATENCY64, NETEM_JITTER64, NETEM_SEED = 8, 10, 11, 14
OPTIONS = 24  # bytes of the struct before netem's attributes

FULL = Shape(
    rate=8e6, delay=0.1, jitter=0.02, loss=1.5, duplicate=2.5, reorder=25, corrupt=0.1, queue=50
)


def decoded(message: netlink.Message) -> Any:
    """The message as pyroute2 reads it."""
    size = 16 + len(message.body)
    parsed = tcmsg(struct.pack("=IHHII", size, message.kind, message.flags, 0, 0) + message.body)
    parsed.decode()
    return parsed


def options(message: netlink.Message) -> dict[int, bytes]:
    """The attributes behind netem's struct."""
    outer = netlink.attributes(message.body[20:])
    return netlink.attributes(outer[2][OPTIONS:])


def test_netem_says_what_another_encoder_says() -> None:
    [message] = qdisc.netem(7, FULL)
    ours = decoded(message)
    theirs = sched_netem.get_parameters(
        {
            "delay": 100_000,
            "jitter": 20_000,
            "loss": 1.5,
            "duplicate": 2.5,
            "prob_reorder": 25,
            "prob_corrupt": 0.1,
            "limit": qdisc.netem_limit(FULL),
        }
    )
    found = ours.get_attr("TCA_OPTIONS")

    assert (ours["index"], ours["parent"], ours.get_attr("TCA_KIND")) == (
        7,
        qdisc.TC_H_ROOT,
        "netem",
    )
    names = ("delay", "jitter", "limit", "gap")
    assert {name: found[name] for name in names} == {name: theirs[name] for name in names}
    for name in ("loss", "duplicate"):
        assert abs(found[name] - theirs[name]) <= 1
    for attribute, share in (("REORDER", 25), ("CORRUPT", 0.1)):
        value = found.get_attr(f"TCA_NETEM_{attribute}")[f"prob_{attribute.lower()}"]
        assert abs(value - percent2u32(share)) <= 1
    assert found.get_attr("TCA_NETEM_RATE")["rate"] == 1_000_000


def test_netem_gets_its_times_in_nanoseconds_too() -> None:
    [message] = qdisc.netem(7, Shape(delay=12.5, jitter=0.000_000_5))
    found = options(message)
    assert struct.unpack("=q", found[NETEM_LATENCY64]) == (12_500_000_000,)
    assert struct.unpack("=q", found[NETEM_JITTER64]) == (500,)


def test_netem_keeps_the_order_of_jittered_packets_by_an_endless_rate() -> None:
    [message] = qdisc.netem(7, Shape(delay=0.1, jitter=0.02))
    assert struct.unpack("=Q", options(message)[NETEM_RATE64]) == (qdisc.ENDLESS_RATE,)


def test_netem_is_told_the_rate_even_when_there_is_none_so_that_it_forgets_an_old_one() -> None:
    [message] = qdisc.netem(7, Shape(delay=0.1))
    assert decoded(message).get_attr("TCA_OPTIONS").get_attr("TCA_NETEM_RATE")["rate"] == 0


def test_netem_loses_everything_when_a_direction_is_down() -> None:
    [message] = qdisc.netem(7, Shape(up=False))
    assert decoded(message).get_attr("TCA_OPTIONS")["loss"] == 0xFFFFFFFF


def test_netem_gets_the_seed_of_the_direction() -> None:
    [message] = qdisc.netem(7, Shape(loss=1), seed=99)
    assert struct.unpack("=Q", options(message)[NETEM_SEED]) == (99,)


def test_netem_may_hold_what_is_in_flight_beside_what_waits() -> None:
    assert qdisc.netem_limit(Shape(rate=8e6, queue=5)) == 5
    assert qdisc.netem_limit(Shape(rate=8e6, queue=5, delay=0.6)) == 5 + 10_000
    assert qdisc.netem_limit(Shape(delay=0.01)) == 1000 + 20_000


def test_tbf_says_what_another_decoder_understands() -> None:
    bucket, fifo = (decoded(message) for message in qdisc.tbf(7, Shape(rate=10e6, queue=20)))
    found = bucket.get_attr("TCA_OPTIONS").get_attr("TCA_TBF_PARMS")
    assert (found["rate"], found["limit"]) == (1_250_000, 20 * 1514)
    # 3028 bytes at 1.25 MB/s, in ticks of 64 ns
    assert found["buffer"] == round(3028 / 1.25e6 * 1e9 / 64)
    assert (fifo.get_attr("TCA_KIND"), fifo["parent"]) == ("pfifo", bucket["handle"] | 1)


@pytest.mark.parametrize(
    ("rate", "packets"), [(0, 1000), (64e3, 32), (10e6, 83), (100e6, 826), (10e9, 1000)]
)
def test_the_queue_that_nobody_asked_for_is_a_tenth_of_a_second(rate: float, packets: int) -> None:
    assert qdisc.default_queue(rate) == packets


@pytest.fixture
def pair() -> Iterator[Namespaces]:
    """Two namespaces, joined by a veth pair: near in "a", far in "b"."""
    spaces = Namespaces("a", "b")
    spaces.ip("a", [f"link add near index 5 type veth peer name far netns {spaces.path('b')}"])
    spaces.ip("a", ["link set near up"])
    spaces.ip("b", ["link set far up"])
    yield spaces
    spaces.close()


def send(pair: Namespaces, *messages: netlink.Message) -> None:
    with closing(pair.inside("a", netlink.Socket)) as kernel:
        kernel.send(messages)


def packet_socket(ifname: str) -> socket.socket:
    made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    made.bind((ifname, 0x88B5))
    return made


FRAME = (b"\xff" * 6 + b"\x02\0\0\0\0\1" + b"\x88\xb5").ljust(1514, b".")


@pytest.mark.root
@pytest.mark.lab
def test_tbf_never_lets_through_more_than_its_rate(pair: Namespaces) -> None:
    shape = Shape(rate=8e6, queue=100)
    send(pair, *qdisc.tbf(5, shape))
    with (
        pair.inside("a", packet_socket, "near") as near,
        pair.inside("b", packet_socket, "far") as far,
    ):
        far.settimeout(20)
        start = monotonic()
        for _ in range(50):
            near.send(FRAME)
        for _ in range(50):
            far.recv(2048)
        took = monotonic() - start
    assert took >= (50 * len(FRAME) - qdisc.tbf_burst(8e6)) / 1e6


@pytest.mark.root
@pytest.mark.lab
def test_tbf_drops_what_finds_the_queue_full(pair: Namespaces) -> None:
    # so slow that nothing but the first two frames, which the bucket holds, leaves in time
    send(pair, *qdisc.tbf(5, Shape(rate=100, queue=10)))
    accepted = 0
    with pair.inside("a", packet_socket, "near") as near:
        for _ in range(40):
            try:
                near.send(FRAME)
            except OSError:
                continue
            accepted += 1
    # as in the relay, one is being sent while ten wait
    assert accepted == 2 + 1 + 10


@pytest.mark.root
@pytest.mark.lab
def test_a_discipline_can_be_changed_and_taken_away_while_in_use(pair: Namespaces) -> None:
    for shape in (Shape(rate=1e6), Shape(rate=5e9, queue=3), Shape(), Shape(rate=1e6)):
        send(pair, *qdisc.replace(5, "tbf", shape))
    said = pair.run("a", "tc", "qdisc", "show", "dev", "near")
    assert "qdisc tbf 1: root" in said
    assert "limit 33p" in said
    send(pair, qdisc.delete(5))
    assert "tbf" not in pair.run("a", "tc", "qdisc", "show", "dev", "near")


@pytest.mark.root
@pytest.mark.lab
def test_high_rates_are_not_cut_to_32_bits(pair: Namespaces) -> None:
    send(pair, *qdisc.tbf(5, Shape(rate=100e9)))
    assert "rate 100Gbit" in pair.run("a", "tc", "qdisc", "show", "dev", "near")


def test_the_packets_in_a_discipline_are_read_from_its_counters() -> None:
    numbers = struct.pack("=IIIII", 7, 7 * 1514, 0, 0, 0)
    answer = bytes(20) + attr_text(qdisc.TCA_KIND, "tbf") + attr(
        qdisc.TCA_STATS2, attr(1, bytes(16)) + attr(qdisc.TCA_STATS_QUEUE, numbers)
    )  # fmt: skip
    assert qdisc.queued(answer) == 7
    assert qdisc.queued(bytes(20)) == 0
