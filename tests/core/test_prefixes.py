"""Few routes instead of many."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.prefixes import Prefixes


def blocks(count: int) -> list[IPv4Network | IPv6Network]:
    """10.0.1.0/24, 10.0.2.0/24, ..."""
    return [ip_network(f"10.0.{number}.0/24") for number in range(1, count + 1)]


def looked_up(routes: list[tuple[str, object]], network: IPv4Network | IPv6Network) -> object:
    """The way of the most precise route that covers *network*."""
    found = [(ip_network(text), way) for text, way in routes]
    fitting = [(net.prefixlen, way) for net, way in found if network.subnet_of(net)]  # type: ignore[arg-type]
    return max(fitting, default=(0, None))[1]


def test_what_goes_the_same_way_is_said_once() -> None:
    ways = dict.fromkeys(range(7), "a")
    assert Prefixes(blocks(7)).merged(ways, frozenset()) == [
        ("10.0.1.0/24", "a"),
        ("10.0.2.0/23", "a"),
        ("10.0.4.0/22", "a"),
    ]


def test_an_exception_is_said_more_precisely() -> None:
    ways = dict.fromkeys(range(3, 7), "a") | {5: "b"}
    assert Prefixes(blocks(7)).merged(ways, frozenset()) == [
        ("10.0.6.0/24", "b"),
        ("10.0.4.0/22", "a"),
    ]


def test_what_is_our_own_may_be_covered_and_needs_no_route() -> None:
    merged = Prefixes(blocks(3)).merged({1: "a"}, frozenset({2}))
    assert merged == [("10.0.2.0/23", "a")]


def test_both_families_are_kept_apart() -> None:
    networks = [ip_network("10.0.0.0/24"), ip_network("fd00::/64"), ip_network("fd00:0:0:1::/64")]
    merged = Prefixes(networks).merged({0: "a", 1: "b", 2: "b"}, frozenset())
    assert merged == [("10.0.0.0/24", "a"), ("fd00::/63", "b")]


@given(
    st.sets(st.integers(0, 63), min_size=1),
    st.lists(st.sampled_from(["a", "b", "c", "own", "none"]), min_size=64, max_size=64),
)
def test_every_network_goes_its_way_and_nothing_else_is_covered(
    present: set[int], says: list[str]
) -> None:
    networks = [ip_network(f"10.0.{number}.0/24") for number in sorted(present)]
    said = dict(enumerate(says[: len(networks)]))
    ways = {number: way for number, way in said.items() if way not in ("own", "none")}
    own = frozenset(number for number, way in said.items() if way == "own")
    merged = Prefixes(networks).merged(ways, own)
    assert len(merged) <= len(ways)
    for number, network in enumerate(networks):
        if number not in own:
            assert looked_up(merged, network) == ways.get(number)
    for absent in set(range(64)) - present:
        assert looked_up(merged, ip_network(f"10.0.{absent}.0/24")) is None
