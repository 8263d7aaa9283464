"""Links between two machines, which are hosts of a lab of their own."""

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns.farlab import FarLab
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port, Shape
from nepishell.hosts.netns.spanning import (
    SpanningLink,
    SpanningSwitch,
    add_spanning_link,
    find_way,
)

pytestmark = pytest.mark.root

A = Port(host="a", ifname="eth0", addresses=("10.0.0.1/24",))
B = Port(host="b", ifname="eth0", addresses=("10.0.0.2/24",))


def linked(parts: tuple[FarLab, FarLab], forward: Shape, backward: Shape) -> SpanningLink:
    return add_spanning_link("l", parts, (A, B), forward, backward)


def ping(parts: tuple[FarLab, FarLab], *words: str) -> int:
    argv = ["ping", "-n", "-c", "1", "-W", "5", *words, "10.0.0.2"]
    return parts[0].host("a").run(argv).status


def test_the_way_between_machines_leaves_room_for_the_tunnel(parts: tuple[FarLab, FarLab]) -> None:
    way = find_way(*parts)
    assert (way.one, way.two, way.mtu) == ("192.168.7.1", "192.168.7.2", 1450)


def test_two_parts_on_one_machine_are_not_linked(parts: tuple[FarLab, FarLab]) -> None:
    with pytest.raises(HostError, match="share one network: a link cannot lead from there to"):
        find_way(parts[0], parts[0])


def test_a_plain_link_carries_the_largest_packet_whole(parts: tuple[FarLab, FarLab]) -> None:
    link = linked(parts, Shape(), Shape())
    assert link.engine == "veth"
    assert ping(parts, "-M", "do", "-s", str(1450 - 28)) == 0
    assert ping(parts, "-M", "do", "-s", str(1451 - 28)) != 0


def test_each_side_does_what_its_end_sends(parts: tuple[FarLab, FarLab]) -> None:
    link = linked(parts, Shape(delay=0.03), Shape(delay=0.01))
    report = link.measure()
    assert report.forward.delay == pytest.approx(0.03, abs=0.008)
    assert report.backward.delay == pytest.approx(0.01, abs=0.008)
    assert report.forward.received == report.forward.sent > 0


def test_a_shape_changes_while_the_link_is_in_use(parts: tuple[FarLab, FarLab]) -> None:
    link = linked(parts, Shape(), Shape())
    link.set_shape(Shape(delay=0.02), Shape(delay=0.02))
    assert link.measure().forward.delay == pytest.approx(0.02, abs=0.008)
    link.set_shape(Shape(rate=1e6), Shape(rate=1e6))
    assert ping(parts) == 0


def test_a_link_that_is_down_carries_nothing(parts: tuple[FarLab, FarLab]) -> None:
    link = linked(parts, Shape(up=False), Shape(up=False))
    assert ping(parts, "-w", "1") != 0
    link.set_shape(Shape(), Shape())
    assert ping(parts) == 0


def test_a_removed_link_can_be_made_again(parts: tuple[FarLab, FarLab]) -> None:
    for shape in (Shape(), Shape(delay=0.005), Shape()):
        link = linked(parts, shape, shape)
        assert ping(parts) == 0
        link.remove()
    assert "eth0" not in parts[0].host("a").run(["ip", "link"]).stdout


def test_a_half_is_taken_back_when_the_other_cannot_be(parts: tuple[FarLab, FarLab]) -> None:
    with pytest.raises(HostError, match="no host 'nobody'"):
        add_spanning_link("l", parts, (A, Port(host="nobody", ifname="eth0")), Shape(), Shape())
    linked(parts, Shape(), Shape())
    assert ping(parts) == 0


def test_no_packet_comes_back_when_the_cable_is_out(
    parts: tuple[FarLab, FarLab], machines: Lab
) -> None:
    link = linked(parts, Shape(), Shape())
    machines.set_port("m2", "eth0", up=False)
    where = r"is UDP port 4789 open between 192\.168\.7\.1 and 192\.168\.7\.2\?"
    with pytest.raises(HostError, match=f"no packet came back through l: {where}"):
        link.measure()


def test_a_switch_joins_hosts_of_both_machines(parts: tuple[FarLab, FarLab]) -> None:
    one, two = parts
    switch = SpanningSwitch("s", up=True)
    switch.add_ports(one, [A])
    assert "mtu 1500" in one.host("a").run(["ip", "link", "show", "eth0"]).stdout
    switch.add_ports(two, [B])
    assert ping(parts, "-M", "do", "-s", str(1450 - 28)) == 0
    assert "mtu 1450" in one.host("a").run(["ip", "link", "show", "eth0"]).stdout
    switch.set_up(False)
    assert ping(parts, "-w", "1") != 0
    switch.set_up(True)
    assert ping(parts) == 0
    switch.remove()
    assert "eth0" not in two.host("b").run(["ip", "link"]).stdout


def test_who_is_plugged_into_a_switch_later_is_reached_too(parts: tuple[FarLab, FarLab]) -> None:
    one, two = parts
    two.add_host("c")
    switch = SpanningSwitch("s", up=True)
    switch.add_ports(one, [A])
    switch.add_ports(two, [B])
    switch.add_ports(two, [Port(host="c", ifname="eth0", addresses=("10.0.0.3/24",))])
    reached = one.host("a").run(["ping", "-n", "-c", "1", "-W", "5", "10.0.0.3"])
    assert reached.status == 0
    switch.remove_port(two, "c", "eth0")
    assert ping(parts) == 0
