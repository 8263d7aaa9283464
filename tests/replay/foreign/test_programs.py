"""Command lines of foreign files: described, kept, or refused."""

import pytest

from nepishell.replay.foreign.network import End, Network
from nepishell.replay.foreign.programs import act
from nepishell.replay.foreign.source import Source


@pytest.fixture
def network() -> Network:
    found = Network(Source("x", ""), "Test")
    for name in ("a", "b"):
        found.add_host(name, 0)
    found.connect(End("a", "eth0"), End("b", "eth0"), 0)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "ip addr add 10.0.0.1/24 dev eth0",
        "/sbin/ip -4 a add 10.0.0.1/24 dev eth0",
        "ip address add 10.0.0.1/24 brd + dev eth0",
        "ifconfig eth0 10.0.0.1/24 up",
        "ifconfig eth0 10.0.0.1 netmask 255.255.255.0",
    ],
)
def test_an_address_is_described(network: Network, line: str) -> None:
    assert act(network, "a", line.split(), 1)
    assert next(network.ends_of("a")).ip4 == "10.0.0.1/24"
    assert network.acts == []


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("ip route add default via 10.0.0.2", "exec a ip route add default via 10.0.0.2"),
        ("route add default gw 10.0.0.2", "exec a ip route add default via 10.0.0.2"),
        ("route add -net 10.1.0.0 netmask 255.255.0.0 gw 10.0.0.2 dev eth0",
         "exec a ip route add 10.1.0.0/16 via 10.0.0.2"),
        ("ping 10.0.0.2", "exec a ping -c 3 10.0.0.2"),
        ("/tmp/ping -c1 b", "exec a ping -c1 b"),
        ("ip addr add 10.9.9.9/32 dev lo", "exec a ip addr add 10.9.9.9/32 dev lo"),
    ],
)  # fmt: skip
def test_what_only_concerns_the_network_of_the_host_is_done_later(
    network: Network, line: str, kept: str
) -> None:
    assert act(network, "a", line.split(), 1)
    assert network.acts == [kept]


@pytest.mark.parametrize(
    "line", ["sysctl -w net.ipv4.ip_forward=1", "echo 1 > /proc/sys/net/ipv4/ip_forward"]
)
def test_forwarding_makes_a_router(network: Network, line: str) -> None:
    assert act(network, "a", line.split(), 1)
    assert network.hosts["a"].routes


@pytest.mark.parametrize(
    "line",
    [
        "rm -rf /",
        "sh -c x",
        "ip netns exec other rm",
        "ip -batch /tmp/x",
        "ip -n other link",
        "ip link del eth0",
        "sysctl -w kernel.panic=1",
        "echo 1 > /etc/passwd",
        "ip",
        "ip addr add fd00::1/64 dev eth0",
        "ip addr add 10.0.0.1/24 dev eth7",
        "ip addr add dev",
        "ifconfig",
        "route del default",
    ],
)
def test_anything_else_is_left_to_the_person(network: Network, line: str) -> None:
    assert not act(network, "a", line.split(), 1)
    assert network.acts == []


def test_no_word_of_a_foreign_file_becomes_a_command_of_its_own(network: Network) -> None:
    assert act(network, "a", ["ping", "b;shutdown", "#", "${x}", "|", "x\ny"], 1)
    assert network.acts == ["exec a ping -c 3 'b;shutdown' '#' '${x}' '|' \"x\\ny\""]
