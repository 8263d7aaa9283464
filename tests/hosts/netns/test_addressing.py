"""Changes to interfaces and routes of hosts in use."""

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port, Route

pytestmark = pytest.mark.lab

VIA = "10.0.0.2"


@pytest.fixture
def pair(lab: Lab) -> Lab:
    """h1 and h2 on a switch, with IPv4 and IPv6."""
    lab.add_hosts(["h1", "h2"])
    ports = [
        Port(host=f"h{n}", ifname="eth0", addresses=(f"10.0.0.{n}/24", f"fd00::{n}/64"))
        for n in (1, 2)
    ]
    lab.add_switch("s", ports)
    return lab


def routes(lab: Lab) -> set[str]:
    shown = lab.host("h1").run(["ip", "route", "show", "proto", "static"]).stdout
    return {line.split()[0] for line in shown.splitlines()}


def addresses(lab: Lab, family: str = "-4") -> set[str]:
    shown = lab.host("h1").run(["ip", family, "-o", "addr", "show", "eth0"]).stdout
    return {line.split()[3] for line in shown.splitlines()}


def test_addresses_are_replaced_while_the_interface_is_up(pair: Lab) -> None:
    pair.set_port("h1", "eth0", addresses=("10.0.0.1/24", "10.1.0.1/16"))
    assert addresses(pair) == {"10.0.0.1/24", "10.1.0.1/16"}
    assert addresses(pair, "-6") == set()
    pair.set_port("h1", "eth0", addresses=())
    assert addresses(pair) == set()


def test_going_down_and_up_keeps_addresses_and_routes(pair: Lab) -> None:
    wanted = [Route(network="10.9.0.0/16", via=VIA), Route(network="fd09::/64", via="fd00::2")]
    pair.set_routes("h1", wanted)
    before = addresses(pair, "-6")
    pair.set_port("h1", "eth0", up=False)
    assert routes(pair) == set()
    pair.set_port("h1", "eth0", up=True)
    assert routes(pair) == {"10.9.0.0/16"}
    assert addresses(pair, "-6") == before
    assert pair.host("h1").run(["ping", "-c1", "-W1", "fd00::2"]).status == 0
    assert "fd09::/64" in pair.host("h1").run(["ip", "-6", "route"]).stdout


def test_the_mtu_changes_on_both_sides_of_the_cable(pair: Lab) -> None:
    for host in ("h1", "h2"):
        pair.set_port(host, "eth0", mtu=9000)
    big = ["ping", "-c1", "-W1", "-M", "do", "-s", "8000", VIA]
    assert pair.host("h1").run(big).status == 0


def test_routes_are_replaced_as_a_whole(pair: Lab) -> None:
    pair.set_routes("h1", [Route(network=f"10.{n}.0.0/16", via=VIA) for n in (7, 8)])
    pair.set_routes("h1", [Route(network=f"10.{n}.0.0/16", via=VIA) for n in (8, 9)])
    assert routes(pair) == {"10.8.0.0/16", "10.9.0.0/16"}
    pair.set_routes("h1", [])
    assert routes(pair) == set()


def test_a_route_that_cannot_be_leaves_the_old_ones(pair: Lab) -> None:
    pair.set_routes("h1", [Route(network="10.7.0.0/16", via=VIA)])
    wrong = [Route(network="10.8.0.0/16", via=VIA), Route(network="10.9.0.0/16", via="1.1.1.1")]
    with pytest.raises(HostError, match=r"h1: route to 10\.9\.0\.0/16 via 1\.1\.1\.1: "):
        pair.set_routes("h1", wrong)
    assert routes(pair) == {"10.7.0.0/16"}


def test_a_network_with_host_bits_means_the_network(pair: Lab) -> None:
    pair.set_routes("h1", [Route(network="10.7.3.4/16", via=VIA)])
    assert routes(pair) == {"10.7.0.0/16"}


def test_mixed_families_are_refused(pair: Lab) -> None:
    with pytest.raises(HostError, match="mixes IPv4 and IPv6"):
        pair.set_routes("h1", [Route(network="fd00::/8", via=VIA)])


def test_routes_of_all_hosts_are_set_at_once(pair: Lab) -> None:
    pair.set_all_routes({
        "h1": [Route(network=f"10.{n}.0.0/16", via=VIA) for n in range(7, 200)],
        "h2": [Route(network="10.9.0.0/16", via="10.0.0.1")],
    })  # fmt: skip
    assert len(routes(pair)) == 193
    assert "10.9.0.0/16" in pair.host("h2").run(["ip", "route"]).stdout
