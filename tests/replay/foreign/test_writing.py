"""From a network to a recipe."""

from nepishell.replay.foreign.network import End, Network
from nepishell.replay.foreign.source import Source
from nepishell.replay.foreign.writing import recipe_of


def network(*switches: str, hosts: str = "a b") -> Network:
    found = Network(Source("x.txt", ""), "Test")
    for name in hosts.split():
        found.add_host(name, 0)
    for name in switches:
        found.add_switch(name, 0)
    return found


def lines(given: Network) -> list[str]:
    return [line for line in recipe_of(given).splitlines() if line and not line.startswith("#")]


def test_a_cable_without_any_addresses_is_a_link_between_hosts() -> None:
    given = network()
    given.connect(End("a"), End("b"), 0, {"delay": "5ms"})
    assert lines(given) == [
        "add netns::Node a,b", "add netns::Link a-b delay=5ms", "connect a a-b b", "deploy",
    ]  # fmt: skip


def test_a_switch_with_plain_cables_is_a_switch() -> None:
    given = network("s")
    given.connect(End("a"), End("s"), 0)
    given.connect(End("s"), End("b"), 0)
    assert lines(given)[1:] == ["add netns::Switch s", "connect a s", "connect s b", "deploy"]


def test_a_switch_with_a_shaped_cable_bridges() -> None:
    given = network("s")
    given.connect(End("a"), End("s"), 0, {"delay": "5ms"})
    given.connect(End("b"), End("s"), 0)
    text = recipe_of(given)
    assert "netns::Switch" not in text
    assert "exec s ip link add br0 type bridge\n" in text
    assert text.count("master br0") == 2


def test_addresses_that_a_link_cannot_have_are_given_after_deployment() -> None:
    given = network(hosts="a b c")
    given.connect(End("a", "eth0", "10.0.0.1/8"), End("b", "eth0", "10.0.0.2/8"), 0)
    given.connect(End("b", "eth1", "10.0.0.3/8"), End("c", "eth0", "10.0.0.4/8"), 0)
    text = recipe_of(given)
    assert "a-eth0 on a name=eth0 ip4=10.0.0.1/8" in text
    assert "b-eth1 on b name=eth1 ip4=none" in text
    assert "exec c ip addr add 10.0.0.4/8 dev eth0" in text


def test_what_is_left_out_is_a_comment_whatever_it_is() -> None:
    given = network()
    given.leave(3, "a\nshutdown \\")
    given.leave(4, "\x1b[2J\u2028shutdown")
    text = recipe_of(given)
    assert lines(given) == ["add netns::Node a,b", "deploy"]
    assert "\x1b" not in text


def test_a_recipe_in_which_nothing_is_missing_says_so() -> None:
    assert "# All that is in it was carried over.\n" in recipe_of(network())
