"""Probes through real links. What is asserted holds on a slow machine too."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bench.wire import Namespaces, Wire
from nepishell.core.errors import HostError
from nepishell.hosts.netns import netlink, qdisc
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.probe import ProbedLink, measure, misses, open_probe_socket

pytestmark = [pytest.mark.root, pytest.mark.lab]


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire(Shape(), Shape())
    yield made
    made.close()


def test_each_way_is_measured_by_itself(wire: Wire) -> None:
    wire.shape(Shape(delay=0.030), Shape(delay=0.060))
    forward, backward = wire.measure()
    assert forward.delay is not None
    assert backward.delay is not None
    # never early; how late depends on the machine
    assert forward.delay >= 0.030
    assert backward.delay >= 0.060
    assert forward.delay < backward.delay
    assert (forward.sent, forward.received) == (backward.sent, backward.received) == (11, 11)


def test_a_rate_is_seen_through_its_delay(wire: Wire) -> None:
    wire.shape(Shape(rate=2e6, delay=0.010), Shape(rate=4e6))
    forward, backward = wire.measure()
    assert forward.rate is not None
    assert backward.rate is not None
    # the relay never sends early, so no more than this can be seen
    assert forward.rate <= 2e6 * 1.01
    assert backward.rate <= 4e6 * 1.01
    assert forward.rate < backward.rate


def test_a_token_bucket_is_measured_behind_its_burst() -> None:
    shape = Shape(rate=4e6)
    with closing(Namespaces("a", "b")) as spaces:
        spaces.ip("a", [f"link add near index 5 type veth peer name far netns {spaces.path('b')}"])
        spaces.ip("a", ["link set near up"])
        spaces.ip("b", ["link set far up"])
        with closing(spaces.inside("a", netlink.Socket)) as kernel:
            kernel.send(qdisc.tbf(5, shape))
        a, b = (
            spaces.inside("a", open_probe_socket, "near"),
            spaces.inside("b", open_probe_socket, "far"),
        )
        with a, b:
            link = ProbedLink(a=a, b=b, forward=shape, backward=Shape(), engine="tbf")
            [(forward, _)] = measure([link])
    assert forward.rate is not None
    assert forward.rate <= 4e6 * 1.02
    assert forward.sent == forward.received


def test_what_is_lost_is_counted_and_nothing_else(wire: Wire) -> None:
    before = wire.pool.stats("wire")
    wire.shape(Shape(loss=20), Shape(loss=100))
    forward, backward = wire.measure()
    stats = wire.pool.stats("wire")
    lost = stats["forward"]["drops"]["loss"] - before["forward"]["drops"]["loss"]
    assert forward.sent - forward.received == lost
    assert 0 < lost < forward.sent
    assert (backward.delay, backward.received) == (None, 0)
    assert misses(backward, Shape(loss=100), 10) == []


def test_harmed_doubled_and_reordered_probes_are_not_lost(wire: Wire) -> None:
    shape = Shape(delay=0.010, corrupt=60, duplicate=30, reorder=30)
    wire.shape(shape, shape)
    for seen in wire.measure():
        # a flipped bit may hit the EtherType's neighbours only: behind the Ethernet header
        assert seen.received == seen.sent


def test_a_link_that_is_down_passes_nothing(wire: Wire) -> None:
    wire.shape(Shape(up=False), Shape(up=False))
    for seen in wire.measure():
        assert (seen.delay, seen.received) == (None, 0)
        assert misses(seen, Shape(up=False), 10) == []
        assert misses(seen, Shape(), 10) == ["loss is 100.0% (11 of 11 packets), declared 0%"]


def test_an_interface_that_is_down_is_a_loss_and_not_an_error(wire: Wire) -> None:
    wire.ip("a", ["link set eth0 down"])
    forward, backward = wire.measure()
    assert (forward.received, backward.received) == (0, 0)


def test_many_links_are_measured_at_once_without_mixing_them_up() -> None:
    delays = (0.020, 0.040, 0.080)
    wires = [Wire(Shape(delay=delay), Shape()) for delay in delays]
    links = []
    try:
        for wire in wires:
            a, b = (wire.inside(name, open_probe_socket, "eth0") for name in ("a", "b"))
            links.append(
                ProbedLink(a=a, b=b, forward=wire.forward, backward=wire.backward, engine="relay")
            )
        seen = [forward.delay or 0.0 for forward, _ in measure(links)]
    finally:
        for link in links:
            link.a.close()
            link.b.close()
        for wire in wires:
            wire.close()
    assert seen == sorted(seen)
    assert all(delay >= declared for delay, declared in zip(seen, delays, strict=True))


def test_an_interface_that_is_not_there_is_named(wire: Wire) -> None:
    with pytest.raises(HostError, match="no probes on 'nowhere': No such device"):
        wire.inside("a", open_probe_socket, "nowhere")
