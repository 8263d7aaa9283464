from itertools import pairwise

import pytest


@pytest.mark.lab
def test_parts_may_be_deployed_in_any_order(lab):
    lab.node("h1", "h2")
    lab.add("netns::Switch", "sw", "h1", "h2")
    lab.up("sw")
    lab.up("h2")
    lab.up("h1")
    assert lab.run("h1", "ping", "-c", "1", "-W", "10", "h2").status == 0


@pytest.mark.lab
def test_a_node_on_two_networks_counts_its_interfaces_in_order_of_connection(lab):
    lab.node("h1", "h2", "m")
    lab.add("netns::Switch", "b", "h2")
    lab.add("netns::Switch", "a", "m", "h1")
    lab.ec.register_connection(lab.ec.find("m"), lab.ec.find("b"))
    lab.up()
    # networks count in order of registration, interfaces in order of connection
    assert sorted(lab.addresses("m")) == ["eth0 10.0.2.1/24", "eth1 10.0.1.2/24"]


@pytest.mark.lab
def test_two_runs_side_by_side_do_not_meet(make):
    one, two = make(), make()
    for lab in (one, two):
        lab.node("h1", "h2")
        lab.add("netns::Link", "l1", "h1", "h2")
        lab.up()
    two.ec.shutdown()
    assert one.run("h1", "ping", "-c", "1", "-W", "10", "h2").status == 0


@pytest.mark.lab
def test_a_lab_is_built_and_released_again_and_again(lab):
    lab.node("h1", "h2")
    for _ in range(3):
        link = lab.add("netns::Link", "l1", "h1", "h2")
        lab.up()
        assert lab.addresses("h1") == ["eth0 10.0.1.1/24"]
        lab.ec.release(link)
        lab.ec.remove_resource(link)
    assert lab.addresses("h1") == []


def test_a_part_that_was_removed_is_forgotten(lab):
    lab.node("h1", "h2")
    net = lab.rm("h1").net
    lab.ec.remove_resource(lab.ec.find("h2"))
    assert [part.label for part in net.living()] == ["h1"]


def test_no_lab_is_opened_for_what_is_only_described(lab):
    lab.node("h1")
    lab.ec.shutdown()
    assert not lab.ec.run_dir.exists()


@pytest.mark.lab
def test_routes_are_told_once_when_many_nodes_change(lab, monkeypatch):
    lab.node("r1", "r2", "r3", forwarding=True)
    lab.add("netns::Link", "a", "r1", "r2")
    lab.add("netns::Link", "b", "r2", "r3")
    lab.up()
    net, told = lab.rm("r1").net, []
    tell = net.lab.set_all_routes
    monkeypatch.setattr(net.lab, "set_all_routes", lambda all_: (told.append(all_), tell(all_)))
    with net.gathering():
        for name in ("r1", "r2", "r3"):
            lab.ec.set(lab.ec.find(name), "routes", "none")
    assert [sorted(routes) for routes in told] == [["r1", "r3"]]
    assert lab.run("r1", "ping", "-c", "1", "-W", "1", "r3").status != 0


@pytest.mark.lab
def test_a_deployment_of_many_links_publishes_its_routes_once(lab, monkeypatch):
    names = [f"r{number}" for number in range(12)]
    lab.node(*names, forwarding=True)
    for one, other in pairwise(names):
        lab.add("netns::Link", f"{one}-{other}", one, other, delay="1ms")
    net, told = lab.rm("r0").net, []
    monkeypatch.setattr(net._publisher, "publish", lambda *given: told.append(given))
    lab.up()
    assert len(told) == 1
