import pytest

from nepishell.core.errors import BadValue, WrongState
from nepishell.engine.clock import VirtualClock


def test_two_nodes_cannot_be_connected_without_a_link(lab):
    lab.node("h1", "h2")
    with pytest.raises(BadValue, match="two nodes meet at a link or a switch"):
        lab.ec.register_connection(1, 2)


def test_a_real_host_refuses_virtual_time(make):
    lab = make(clock=VirtualClock())
    lab.node("h1")
    with pytest.raises(WrongState, match="it needs the WallClock"):
        lab.ec.discover(lab.ec.find("h1"))


def test_a_node_without_a_label_is_called_by_its_guid(lab):
    guid = lab.ec.register_resource("netns::Node")
    assert lab.ec.get_resource(guid).lab_name == f"n{guid}"


@pytest.mark.lab
def test_every_label_resolves_on_every_host(lab):
    lab.node("h1", "h2")
    lab.add("netns::Switch", "sw", "h1", "h2")
    lab.up()
    for host in ("h1", "h2"):
        assert lab.run(host, "getent", "hosts", "h2").stdout.split() == ["10.0.1.2", "h2"]


@pytest.mark.lab
def test_hosts_get_a_route_as_soon_as_there_is_a_router(lab):
    lab.node("h1", "h2")
    lab.node("r1", "r2", forwarding=True)
    lab.add("netns::Link", "l1", "h1", "r1")
    lab.add("netns::Link", "l2", "r1", "r2")
    lab.add("netns::Link", "l3", "r2", "h2")
    lab.up()
    assert lab.run("h1", "ping", "-c", "1", "-W", "10", "h2").status == 0
    assert "default via 10.0.1.2" in lab.run("h1", "ip", "route").stdout
    assert "default" not in lab.run("r1", "ip", "route").stdout


@pytest.mark.lab
def test_routes_none_leaves_a_host_to_the_user(lab):
    lab.node("h1", routes="none")
    lab.node("r1", forwarding=True)
    lab.node("h2")
    lab.add("netns::Link", "l1", "h1", "r1")
    lab.add("netns::Link", "l2", "r1", "h2")
    lab.up()
    assert "via" not in lab.run("h1", "ip", "route").stdout
    lab.ec.set(lab.ec.find("h1"), "routes", "auto")
    assert "default via 10.0.1.2" in lab.run("h1", "ip", "route").stdout


@pytest.mark.lab
def test_a_host_becomes_a_router_while_the_rest_runs(lab):
    lab.node("h1", "m", "h2")
    lab.add("netns::Link", "l1", "h1", "m")
    lab.add("netns::Link", "l2", "m", "h2")
    lab.up()
    assert lab.run("h1", "ping", "-c", "1", "-W", "1", "h2").status != 0
    lab.ec.set(lab.ec.find("m"), "forwarding", True)
    assert lab.run("h1", "ping", "-c", "1", "-W", "10", "h2").status == 0


@pytest.mark.lab
def test_ipv6_on_request_has_addresses_and_routes(lab):
    lab.node("h1", "h2", ipv6=True)
    lab.node("r", ipv6=True, forwarding=True)
    lab.add("netns::Link", "l1", "h1", "r")
    lab.add("netns::Link", "l2", "r", "h2")
    lab.up()
    assert "fd00:1::1/64" in lab.run("h1", "ip", "-6", "addr").stdout
    assert lab.run("h1", "ping", "-6", "-c", "1", "-W", "10", "h2").status == 0


@pytest.mark.lab
def test_a_node_is_not_released_under_its_link(lab):
    lab.node("h1", "h2")
    lab.add("netns::Link", "l1", "h1", "h2")
    lab.up()
    with pytest.raises(WrongState, match=r"\(h1\) is still needed by 3 \(l1\)"):
        lab.ec.release(lab.ec.find("h1"))
