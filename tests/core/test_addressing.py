import pytest

from nepishell.core.addressing import (
    AddressPlan,
    PortAddresses,
    PortAsk,
    SegmentAsk,
    parse_address,
    parse_network,
    plan_addresses,
)
from nepishell.core.errors import BadValue


def segment(key: int, *ports: int | PortAsk, network: str = "", ipv6: bool = False) -> SegmentAsk:
    """A segment s<key> with ports of nodes h<n>, or as they are given."""
    asks = [
        PortAsk(key=(key, port), name=f"h{port}.eth0", ipv6=ipv6) if isinstance(port, int) else port
        for port in ports
    ]
    return SegmentAsk(key=key, name=f"s{key}", ports=tuple(asks), network=network)


def named(key: tuple[int, int], ip4: str = "", ip6: str = "") -> PortAsk:
    return PortAsk(key=key, name=f"h{key[1]}.eth0", ip4=ip4, ip6=ip6)


def ip4s(plan: AddressPlan) -> list[str]:
    return [ports.ip4 for ports in plan.ports.values()]


def test_the_first_segment_is_10_0_1_0_and_its_ports_count_from_1():
    plan = plan_addresses([segment(7, 1, 2, 3)])
    assert ip4s(plan) == ["10.0.1.1/24", "10.0.1.2/24", "10.0.1.3/24"]


def test_each_segment_gets_the_next_network():
    plan = plan_addresses([segment(1, 1, 2), segment(2, 2, 3)])
    assert list(map(str, plan.networks4.values())) == ["10.0.1.0/24", "10.0.2.0/24"]


def test_the_same_segments_get_the_same_addresses():
    segments = [segment(k, k, k + 1, ipv6=True) for k in range(1, 50)]
    assert plan_addresses(segments) == plan_addresses(segments)


def test_ipv6_carries_the_numbers_of_ipv4_as_decimal_digits():
    plan = plan_addresses([segment(k, 1, 2, ipv6=True) for k in range(1, 13)])
    assert plan.ports[12, 2] == PortAddresses("10.0.12.2/24", "fd00:12::2/64")


def test_a_segment_without_a_wish_for_ipv6_has_none():
    assert plan_addresses([segment(1, 1, 2)]).networks6 == {}


def test_a_port_without_the_wish_has_no_ipv6_beside_one_that_has():
    both = SegmentAsk(
        key=1,
        name="s1",
        ports=(
            PortAsk(key=(1, 1), name="h1.eth0", ipv6=True),
            PortAsk(key=(1, 2), name="h2.eth0"),
        ),
    )
    assert [p.ip6 for p in plan_addresses([both]).ports.values()] == ["fd00:1::1/64", ""]


@pytest.mark.parametrize(("ports", "prefix"), [(250, 24), (251, 23), (500, 23), (501, 22)])
def test_a_large_switch_gets_a_larger_network(ports, prefix):
    plan = plan_addresses([segment(1, *range(ports))])
    assert plan.networks4[1].prefixlen == prefix


def test_no_address_of_a_large_network_ends_in_0_or_255():
    plan = plan_addresses([segment(1, *range(1000))])
    assert len(set(ip4s(plan))) == 1000
    assert not [a for a in ip4s(plan) if a.partition("/")[0].endswith((".0", ".255"))]


def test_small_segments_go_round_a_large_network():
    plan = plan_addresses([segment(1, *range(300)), segment(2, 1, 2), segment(3, 1, 2)])
    assert list(map(str, plan.networks4.values())) == ["10.0.2.0/23", "10.0.1.0/24", "10.0.4.0/24"]


def test_an_address_that_the_user_named_is_kept_and_the_others_go_round_it():
    plan = plan_addresses([segment(1, named((1, 1), "10.9.0.1/24"), 2, 3)])
    assert ip4s(plan) == ["10.9.0.1/24", "10.9.0.2/24", "10.9.0.3/24"]


def test_the_pool_goes_round_a_named_network():
    plan = plan_addresses([segment(1, 1, 2), segment(2, named((2, 1), "10.0.1.5/24"), 2)])
    assert ip4s(plan) == ["10.0.2.1/24", "10.0.2.2/24", "10.0.1.5/24", "10.0.1.1/24"]


def test_a_named_network_of_a_segment_is_used():
    plan = plan_addresses([segment(1, 1, 2, network="192.168.5.0/29")])
    assert ip4s(plan) == ["192.168.5.1/29", "192.168.5.2/29"]


def test_a_named_ipv6_address_keeps_automatic_ones_off():
    ports = [
        PortAsk(key=(1, 1), name="h1.eth0", ipv6=True),
        PortAsk(key=(1, 2), name="h2.eth0", ip6="fd00:1::1/64"),
    ]
    plan = plan_addresses([segment(1, *ports)])
    assert [p.ip6 for p in plan.ports.values()] == ["fd00:1::2/64", "fd00:1::1/64"]


def test_none_means_no_address():
    plan = plan_addresses([segment(1, named((1, 1), "none"), 2)])
    assert ip4s(plan) == ["", "10.0.1.1/24"]


def test_an_extended_plan_keeps_what_was_given():
    first = plan_addresses([segment(1, 1, 2), segment(3, 1, 2)])
    second = plan_addresses([segment(1, 9, 1, 2), segment(2, 5), segment(3, 1, 2)], first)
    kept = {key: second.ports[key] for key in first.ports}
    assert kept == first.ports
    assert second.ports[1, 9].ip4 == "10.0.1.3/24"
    assert second.ports[2, 5].ip4 == "10.0.3.1/24"


def test_what_is_gone_is_free_again():
    first = plan_addresses([segment(1, 1, 2), segment(2, 1, 2)])
    second = plan_addresses([segment(2, 1, 2), segment(5, 1)], first)
    assert str(second.networks4[5]) == "10.0.1.0/24"


@pytest.mark.parametrize(
    ("segments", "message"),
    [
        (
            [segment(1, named((1, 1), "10.5.0.1/24"), named((1, 2), "10.5.0.1/24"))],
            "address 10.5.0.1 is on both h1.eth0 and h2.eth0",
        ),
        (
            [segment(1, named((1, 1), "10.5.0.1/24")), segment(2, named((2, 2), "10.5.0.2/16"))],
            "network 10.5.0.0/16 of s2 overlaps 10.5.0.0/24 of s1; "
            "each link and switch needs its own",
        ),
        (
            [segment(1, 1, 2, 3, network="10.5.0.0/30")],
            "10.5.0.0/30 of s1 has no address left for h3.eth0; "
            "name a larger one before deployment, as in network=10.5.0.0/16",
        ),
        (
            [segment(1, named((1, 1), "10.5.0.300"))],
            "h1.eth0: '10.5.0.300' is not an IPv4 address; write it as in 10.0.1.1/24",
        ),
    ],
)
def test_what_cannot_be_is_one_line(segments, message):
    with pytest.raises(BadValue) as caught:
        plan_addresses(segments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "version", "message"),
    [
        ("fd00::1", 4, "p: 'fd00::1' is not an IPv4 address; write it as in 10.0.1.1/24"),
        ("x", 6, "p: 'x' is not an IPv6 address; write it as in fd00:1::1/64"),
        ("10.0.1.0/24", 4, "p: '10.0.1.0/24' is the network address of 10.0.1.0/24; "
         "use one from 10.0.1.1 to 10.0.1.254"),
        ("10.0.1.255/24", 4, "p: '10.0.1.255/24' is the broadcast address of 10.0.1.0/24; "
         "use one from 10.0.1.1 to 10.0.1.254"),
        ("127.0.0.1/8", 4, "p: '127.0.0.1/8' cannot be the address of a port; "
         "use one as 10.0.1.1/24"),
        ("10.0.0.1/4", 4, "p: the network of '10.0.0.1/4' is too large; "
         "write it as in 10.0.1.1/24"),
    ],
)  # fmt: skip
def test_a_wrong_address_says_what_to_write(text, version, message):
    with pytest.raises(BadValue) as caught:
        parse_address(text, version, "p")
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["10.0.5.1/24", "10.0.5", "10.0.0.0/32", "0.0.0.0/1", "fd00::/64"])
def test_a_wrong_network_is_refused(text):
    with pytest.raises(BadValue, match="network of sw"):
        parse_network(text, "sw")
