import pytest

from nepishell.hosts.netns.model import Port, Route
from nepishell.resources.netns.publishing import Publisher


class Lab:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.names: list[dict[str, list[str]]] = []
        self.routes: list[tuple[str, list[Route]]] = []

    def set_names(self, names):
        self.names.append(names)

    def set_all_routes(self, routes):
        self.routes.extend(routes.items())


class Net:
    """What is plugged in: h1 - r - h2."""

    def __init__(self, parts) -> None:
        self.lab = Lab()
        self.parts = {part.guid: part for part in parts}
        self.plugged = {
            (10, 1): port("h1", "eth0", "10.0.1.1/24"),
            (10, 2): port("r", "eth0", "10.0.1.2/24"),
            (11, 2): port("r", "eth1", "10.0.2.1/24"),
            (11, 3): port("h2", "eth0", "10.0.2.2/24"),
        }

    def plugs(self):
        return self.plugged


def port(host: str, ifname: str, address: str) -> Port:
    return Port(host=host, ifname=ifname, addresses=(address,))


def published(lab, forwarding: bool = True):
    lab.node("h1")
    lab.node("r", forwarding=forwarding)
    lab.node("h2")
    nodes = [lab.rm(name) for name in ("h1", "r", "h2")]
    net = Net(nodes)
    publisher = Publisher(net)
    publisher.publish(nodes, {})
    return net, publisher, nodes


def test_each_name_has_all_its_addresses_in_order(lab):
    net, _, _ = published(lab)
    assert net.lab.names == [
        {"h1": ["10.0.1.1"], "r": ["10.0.1.2", "10.0.2.1"], "h2": ["10.0.2.2"]}
    ]


def test_only_who_needs_a_route_is_told(lab):
    net, _, _ = published(lab)
    assert net.lab.routes == [
        ("h1", [Route(network="default", via="10.0.1.2")]),
        ("h2", [Route(network="default", via="10.0.2.1")]),
    ]


def test_nothing_is_told_twice(lab):
    net, publisher, nodes = published(lab)
    publisher.publish(nodes, {})
    assert (len(net.lab.names), len(net.lab.routes)) == (1, 2)


def test_without_a_router_nobody_is_told_a_route(lab):
    net, _, _ = published(lab, forwarding=False)
    assert net.lab.routes == []


def test_an_attribute_that_is_about_to_change_counts(lab):
    net, publisher, nodes = published(lab, forwarding=False)
    publisher.publish(nodes, {(nodes[1].guid, "forwarding"): True})
    assert [host for host, _ in net.lab.routes] == ["h1", "h2"]


def test_a_route_that_is_gone_is_taken_back(lab):
    net, publisher, nodes = published(lab)
    del net.plugged[11, 2]
    publisher.publish(nodes, {})
    assert net.lab.routes[2:] == [("h1", []), ("h2", [])]


def test_a_way_by_delay_avoids_the_slow_link_and_by_hops_takes_it(lab):
    for number in (1, 2, 3):
        lab.node(f"r{number}", forwarding=True, routes="delay")
    lab.add("netns::Link", "slow", "r1", "r2", delay="90ms")
    lab.add("netns::Link", "one", "r1", "r3", delay="20ms")
    lab.add("netns::Link", "two", "r3", "r2", delay="20ms")
    nodes = [lab.rm(f"r{number}") for number in (1, 2, 3)]
    slow, one, two = (lab.ec.find(name) for name in ("slow", "one", "two"))
    net = Net([*nodes, *map(lab.ec.get_resource, (slow, one, two))])
    lab.node("h")
    net.plugged = {
        (slow, 1): port("r1", "eth0", "10.0.1.1/24"),
        (slow, 2): port("r2", "eth0", "10.0.1.2/24"),
        (one, 1): port("r1", "eth1", "10.0.2.1/24"),
        (one, 3): port("r3", "eth0", "10.0.2.2/24"),
        (two, 3): port("r3", "eth1", "10.0.3.1/24"),
        (two, 2): port("r2", "eth1", "10.0.3.2/24"),
        (99, 2): port("r2", "eth2", "10.0.4.1/24"),
    }
    publisher = Publisher(net)
    publisher.publish(nodes, {})
    assert Route(network="10.0.4.0/24", via="10.0.2.2") in dict(net.lab.routes)["r1"]
    changed = {(node.guid, "routes"): "auto" for node in nodes}
    publisher.publish(nodes, changed)
    assert Route(network="10.0.4.0/24", via="10.0.1.2") in dict(net.lab.routes)["r1"]
    lab.ec.set(slow, "up", False)
    publisher.publish(nodes, changed)
    assert Route(network="10.0.4.0/24", via="10.0.2.2") in dict(net.lab.routes)["r1"]


def test_what_could_not_be_told_is_told_again(lab):
    net, publisher, nodes = published(lab)
    del net.plugged[11, 2]
    told, net.lab.set_all_routes = net.lab.set_all_routes, None
    with pytest.raises(TypeError):
        publisher.publish(nodes, {})
    net.lab.set_all_routes = told
    publisher.publish(nodes, {(nodes[0].guid, "forwarding"): True})
    assert net.lab.routes[2:]
