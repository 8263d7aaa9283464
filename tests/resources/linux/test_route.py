"""Routes through interfaces of ours."""

import pytest

from nepishell.core.errors import BadValue

pytestmark = pytest.mark.lab


def routes(lab) -> str:
    return lab.run("a", "ip", "route").stdout


def with_tap(lab, **route: object) -> None:
    lab.node("a")
    lab.add("linux::Tap", "t", "a", ip="10.9.0.1/24")
    lab.add("linux::Route", "r", "t", **route)


@pytest.mark.tun
def test_a_route_is_there_and_gone(lab) -> None:
    with_tap(lab, network="10.50.0.0", prefix="16", nexthop="10.9.0.2")
    lab.up()
    device = lab.rm("t").deviceName
    assert f"10.50.0.0/16 via 10.9.0.2 dev {device}" in routes(lab)
    assert lab.ec.release([lab.ec.find("r")])
    assert "10.50.0.0" not in routes(lab)


def test_one_through_an_existing_interface_is_taken_back(lab) -> None:
    lab.node("a", "b")
    lab.add("netns::Link", "ab", "a", "b")
    lab.up()
    before = routes(lab)
    lab.add("linux::Interface", "i", "a", deviceName="eth0")
    lab.add("linux::Route", "r", "i", network="default", nexthop="10.0.1.2")
    lab.up("i", "r")
    assert "default via 10.0.1.2 dev eth0" in routes(lab)
    assert lab.ec.release([lab.ec.find("r"), lab.ec.find("i")])
    assert routes(lab) == before


@pytest.mark.tun
def test_stop_takes_it_away(lab) -> None:
    with_tap(lab, network="10.50.0.0/16")
    lab.up()
    lab.ec.stop(lab.ec.find("r"))
    assert "10.50.0.0" not in routes(lab)


@pytest.mark.tun
def test_a_route_that_somebody_else_set_is_not_ours_to_remove(lab) -> None:
    with_tap(lab, network="10.9.0.0/24", critical=False)
    lab.up("a", "t")
    guid = lab.ec.find("r")
    device = lab.rm("t").deviceName
    lab.run("a", "ip", "route", "add", "10.51.0.0/16", "dev", device)
    lab.ec.set(guid, "network", "10.51.0.0/16")
    lab.ec.deploy([guid])
    lab.ec.wait(guid, "FAILED", timeout=20)
    assert lab.ec.failure(guid) == (
        f"a: `ip route add 10.51.0.0/16 dev {device}` failed: File exists"
    )
    assert lab.ec.release([guid])
    assert "10.51.0.0" in routes(lab)


@pytest.mark.parametrize(
    "attributes", [{"network": "net"}, {"network": "10.0.0.0/40"}, {"nexthop": "gate"}]
)
def test_what_is_no_address_is_refused_when_it_is_written(lab, attributes: dict[str, str]) -> None:
    with pytest.raises(BadValue, match=f"'{next(iter(attributes.values()))}' is not"):
        lab.ec.register_resource("linux::Route", **attributes)


@pytest.mark.root
def test_this_machine_is_not_cut_off(lab) -> None:
    lab.add("local::Node", "here")
    lab.add("linux::Interface", "i", "here", deviceName="lo")
    lab.add("linux::Route", "r", "i", network="10.50.0.0/16", critical=False)
    lab.ec.deploy(lab.ec.resources)
    guid = lab.ec.find("r")
    lab.ec.wait(guid, "FAILED", timeout=20)
    assert "would cut this machine off" in lab.ec.failure(guid)
