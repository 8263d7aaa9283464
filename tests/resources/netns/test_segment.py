import pytest

from nepishell.core.errors import BadValue


def test_ends_are_in_order_of_connection(lab):
    lab.node("h1", "h2")
    lab.add("netns::Interface", "i2", "h2")
    lab.add("netns::Link", "l", "i2", "h1")
    assert [end.node.label for end in lab.rm("l").ends()] == ["h2", "h1"]


def test_an_interface_without_a_node_is_no_end_yet(lab):
    lab.add("netns::Interface", "i")
    lab.add("netns::Link", "l", "i")
    assert lab.rm("l").ends() == []


def test_a_wrong_network_is_refused_when_it_is_written(lab):
    with pytest.raises(BadValue, match=r"'10\.0\.5\.1/24' is not an IPv4 network"):
        lab.add("netns::Switch", "sw", network="10.0.5.1/24")
