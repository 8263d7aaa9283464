"""Networks that `mn` makes by itself."""

import pytest

from nepishell.replay.foreign.mininet_topo import make, shape_of
from nepishell.replay.foreign.network import Network
from nepishell.replay.foreign.source import Source
from nepishell.replay.recipe import RecipeError


def made(options: str) -> Network:
    network = Network(Source("x", f"mn {options}"), "Mininet")
    make(network, options, 1)
    return network


@pytest.mark.parametrize(
    ("options", "hosts", "switches", "cables"),
    [
        ("", 2, 1, 2),
        ("--topo minimal", 2, 1, 2),
        ("--topo=single,5 --mac --switch ovsk", 5, 1, 5),
        ("--topo linear,4", 4, 4, 7),
        ("--topo linear,3,2 --controller remote", 6, 3, 8),
        ("--topo tree,2", 4, 3, 6),
        ("--topo tree,depth=2", 2, 1, 2),
        ("--topo tree,2,3", 9, 4, 12),
    ],
)
def test_each_topology_has_its_size(options: str, hosts: int, switches: int, cables: int) -> None:
    network = made(options)
    assert (len(network.hosts), len(network.switches), len(network.cables)) == (
        hosts, switches, cables,
    )  # fmt: skip


def test_hosts_have_the_addresses_that_mininet_gives() -> None:
    network = made("--topo single,300 --mac")
    last = next(network.ends_of("h300"))
    assert (last.ip4, last.mac) == ("10.0.1.44/8", "00:00:00:00:01:2c")


def test_what_mn_is_to_execute_is_returned_and_other_options_are_named() -> None:
    network = Network(Source("x", "mn"), "Mininet")
    assert make(network, "--test pingall --arp --custom x.py", 1) == ["pingall"]
    assert len(network.left) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--topo torus,3,3", "no topology 'torus'"),
        ("--topo single,x", "'x' is not how many"),
        ("--topo single,0", "'0' is not how many"),
        ("--topo tree,99", "is too large"),
        ("--topo linear,9999", "more than 5000"),
        ("--link tc,bw=fast", "'fast' is no bw of a link"),
        ("--topo 'x", "a quote is never closed"),
    ],
)
def test_a_mistake_is_told(options: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        made(options)


def test_what_a_link_does_is_written_in_our_units() -> None:
    network = Network(Source("x", ""), "Mininet")
    given = {"bw": "10", "delay": "100", "jitter": "1.5ms", "loss": "0.1", "max_queue_size": "50"}
    assert shape_of(network, given, 1) == {
        "rate": "10mbit", "delay": "100us", "jitter": "1.5ms", "loss": "0.1%", "queue": "50",
    }  # fmt: skip
    assert shape_of(network, {"speedup": "1"}, 1) == {}
    assert network.left == ["x:1: speedup of a link: 1"]
