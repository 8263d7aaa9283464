"""Networks of two addresses each."""

from itertools import islice

import pytest

from nepishell.core.errors import BadValue
from nepishell.topologies.p2p import pair_networks


@pytest.mark.parametrize(
    ("network", "prefix", "version", "length", "second"),
    [
        ("10.0.0.0", 8, 4, None, ("10.0.0.5", "10.0.0.6", "255.255.255.252", "10.0.0.4", 30)),
        ("10.0.0.0", 8, 4, 31, ("10.0.0.2", "10.0.0.3", "255.255.255.254", "10.0.0.2", 31)),
        ("fd00::", 64, 6, 126, ("fd00::5", "fd00::6", f"{'ffff:' * 7}fffc", "fd00::4", 126)),
        ("fd00::", 64, 6, None, ("fd00::2", "fd00::3", f"{'ffff:' * 7}fffe", "fd00::2", 127)),
    ],
)
def test_the_second_network(
    network: str, prefix: int, version: int, length: int | None, second: tuple[object, ...]
) -> None:
    assert list(islice(pair_networks(network, prefix, version, length), 2))[1] == second


def test_there_are_as_many_as_fit() -> None:
    assert len(list(pair_networks("10.0.0.0", 28))) == 4


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("10.0.0.0", 8, 5), "no IP version 5; use 4 or 6"),
        (("10.0.0.0", 8, 4, 29), "cannot have a /29 network; use /30 or /31"),
        (("10.0.0", 8), "'10.0.0/8' is not a network"),
        (("fd00::", 64, 4), "fd00::/64 is not an IPv4 network"),
        (("10.0.0.0", 31), "10.0.0.0/31 has no room for /30 networks"),
    ],
)
def test_what_cannot_be_cut_is_refused(given: tuple[object, ...], message: str) -> None:
    with pytest.raises(BadValue, match=message):
        pair_networks(*given)  # type: ignore[arg-type]
