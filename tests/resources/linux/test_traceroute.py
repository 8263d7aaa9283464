import pytest


def test_probes_are_sent_one_by_one_unless_asked_otherwise(fake):
    fake.add("linux::Traceroute", "tr", "n", target="h2", method="icmp")
    assert fake.rm("tr").argv() == ["traceroute", "-N", "1", "-w", "1", "-I", "h2"]


def test_the_size_comes_after_the_target(fake):
    fake.add("linux::Traceroute", "tr", "n", target="h2", size=900, numeric=True)
    assert fake.rm("tr").argv() == ["traceroute", "-n", "-N", "1", "-w", "1", "h2", "900"]


@pytest.mark.lab
def test_hops_through_routers_are_counted(lab):
    lab.node("h1", "h2")
    lab.node("r1", "r2", forwarding=True)
    lab.add("netns::Link", "l1", "h1", "r1")
    lab.add("netns::Link", "l2", "r1", "r2")
    lab.add("netns::Link", "l3", "r2", "h2")
    lab.add("linux::Traceroute", "tr", "h1", target="h2")
    lab.ec.deploy()
    lab.finished("tr")
    assert lab.rm("tr").metric("hops") == 3
    assert lab.rm("tr").metric("reached") == 1
