"""What readers fill: names that are labels, cables that can be there."""

import pytest

from nepishell.replay.foreign.network import End, Network, network_of
from nepishell.replay.foreign.source import Source
from nepishell.replay.recipe import RecipeError


@pytest.fixture
def network() -> Network:
    return Network(Source("a.txt", "one two\n1st a/b\n"), "Test")


def test_a_name_that_cannot_be_a_label_gets_one_and_that_is_told(network: Network) -> None:
    assert network.add_host("1st", 2) == "n1st"
    assert network.add_host("a/b", 2) == "a-b"
    assert network.left == [
        "a.txt:2: the name '1st'; it is n1st here",
        "a.txt:2: the name 'a/b'; it is a-b here",
    ]


def test_two_names_with_one_label_are_refused(network: Network) -> None:
    network.add_host("a-b", 1)
    with pytest.raises(RecipeError, match=r"a\.txt:2:5: 'a/b' would be called as another is"):
        network.add_host("a/b", 2)


def test_a_switch_is_no_host(network: Network) -> None:
    network.add_switch("one", 1)
    with pytest.raises(RecipeError, match="'one' is a switch already"):
        network.add_host("one", 1)


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        (End("one"), End("one"), "cannot be connected to itself"),
        (End("one", "a b"), End("two"), "no name of an interface"),
        (End("one", "x" * 16), End("two"), "no name of an interface"),
        (End("one", mac="02:00"), End("two"), "no hardware address"),
    ],
)
def test_a_cable_that_cannot_be_is_refused(
    network: Network, one: End, other: End, message: str
) -> None:
    network.add_host("one", 1)
    network.add_host("two", 1)
    with pytest.raises(RecipeError, match=message):
        network.connect(one, other, 1)


def test_an_interface_is_connected_once(network: Network) -> None:
    for name in ("one", "two"):
        network.add_host(name, 1)
    network.connect(End("one", "eth0"), End("two"), 1)
    assert network.find("one", "eth0") is not None
    with pytest.raises(RecipeError, match="eth0 of one is connected twice"):
        network.connect(End("one", "eth0"), End("two"), 1)


def test_cables_between_the_same_two_have_labels_of_their_own(network: Network) -> None:
    for name in ("one", "two"):
        network.add_host(name, 1)
    network.connect(End("one"), End("two"), 1)
    network.connect(End("one"), End("two"), 1)
    assert [cable.label for cable in network.cables] == ["one-two", "one-two-2"]


def test_an_address_is_given_once_and_only_in_version_4(network: Network) -> None:
    end = End("one")
    assert not network.address(end, "fd00::1/64", 1)
    assert network.address(end, "10.0.0.1/24", 1)
    assert not network.address(end, "10.0.0.2/24", 1)
    assert (end.ip4, network_of(end)) == ("10.0.0.1/24", "10.0.0.0/24")
    with pytest.raises(RecipeError, match=r"'10\.0\.0' is not an address"):
        network.address(End("one"), "10.0.0", 1)
