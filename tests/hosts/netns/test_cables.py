"""Links on the real kernel: what carries them, what they do, what changes while they are used."""

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.link import LinkHandle
from nepishell.hosts.netns.model import Port, Route, Shape

pytestmark = pytest.mark.lab

PLAIN = Shape()
SLOW = Shape(delay=0.02)


def port(host: str, number: int) -> Port:
    addresses = (f"10.0.0.{number}/24", f"fd00::{number}/64")
    return Port(host=host, ifname="eth0", addresses=addresses)


@pytest.fixture
def ends(lab: Lab) -> tuple[Port, Port]:
    """The ports of two hosts that no link joins yet."""
    lab.add_hosts(["a", "b"])
    return port("a", 1), port("b", 2)


def reaches(lab: Lab, source: str, target: str) -> bool:
    return lab.host(source).run(["ping", "-n", "-c1", "-W1", target]).status == 0


def delays(link: LinkHandle) -> tuple[float, float]:
    report = link.measure()
    assert report.forward.delay is not None
    assert report.backward.delay is not None
    return report.forward.delay, report.backward.delay


def test_a_plain_link_is_one_pair(lab: Lab, ends: tuple[Port, Port]) -> None:
    link = lab.add_link("l", *ends)
    assert (link.engine, link.why) == ("veth", "nothing to emulate")
    assert reaches(lab, "a", "10.0.0.2")
    assert reaches(lab, "b", "fd00::1")


def test_a_relayed_link_delays_each_way_by_itself(lab: Lab, ends: tuple[Port, Port]) -> None:
    link = lab.add_link("l", *ends, SLOW, PLAIN, engine="relay")
    forward, backward = delays(link)
    assert forward > 0.02 > backward
    assert link.engine == "relay"


def test_a_rate_needs_no_relay(lab: Lab, ends: tuple[Port, Port]) -> None:
    link = lab.add_link("l", *ends, Shape(rate=1e6), PLAIN, engine="tbf")
    assert "tbf" in lab.host("a").run(["tc", "qdisc", "show", "dev", "eth0"]).stdout
    link.set_shape(PLAIN, PLAIN)
    assert "tbf" not in lab.host("a").run(["tc", "qdisc", "show", "dev", "eth0"]).stdout


def test_a_direct_link_becomes_relayed_without_its_hosts_noticing(
    lab: Lab, ends: tuple[Port, Port]
) -> None:
    link = lab.add_link("l", *ends)
    lab.set_routes("b", [Route(network="10.9.0.0/16", via="10.0.0.1")])
    lab.set_routes("a", [Route(network="10.8.0.0/16", via="10.0.0.2")])

    def seen() -> list[str]:
        commands = (["cat", "/sys/class/net/eth0/address"], ["ip", "route"], ["ip", "-6", "route"])
        return [lab.host(h).run(argv).stdout for h in ("a", "b") for argv in commands]

    before = seen()
    # never the kernel's netem, which these two would be given where there is one
    link.set_shape(Shape(delay=0.02, rate=1e8, queue=50), SLOW)
    assert link.engine == "relay"
    assert min(delays(link)) > 0.019
    assert seen() == before
    assert reaches(lab, "a", "fd00::2")


def test_a_relay_is_kept_when_the_delay_goes(lab: Lab, ends: tuple[Port, Port]) -> None:
    link = lab.add_link("l", *ends, Shape(delay=0.02, rate=1e8, queue=50), SLOW)
    link.set_shape(PLAIN, PLAIN)
    assert link.engine == "relay"
    assert max(delays(link)) < 0.02


@pytest.mark.parametrize("engine", ["veth", "relay"])
def test_a_link_that_is_down_passes_nothing_and_comes_back(
    lab: Lab, ends: tuple[Port, Port], engine: str
) -> None:
    link = lab.add_link("l", *ends, engine=engine)
    lab.set_routes("a", [Route(network="10.9.0.0/16", via="10.0.0.2")])
    down = Shape(up=False)
    link.set_shape(down, down)
    assert not reaches(lab, "a", "10.0.0.2")
    report = link.measure()
    assert (report.forward.received, report.backward.received) == (0, 0)
    link.set_shape(PLAIN, PLAIN)
    assert reaches(lab, "a", "10.0.0.2")
    assert reaches(lab, "a", "fd00::2")
    assert "10.9.0.0/16" in lab.host("a").run(["ip", "route"]).stdout


def test_a_removed_link_leaves_the_names_free(lab: Lab, ends: tuple[Port, Port]) -> None:
    for shape in (PLAIN, SLOW, PLAIN):
        link = lab.add_link("l", *ends, shape, shape)
        assert reaches(lab, "a", "10.0.0.2")
        link.remove()
        assert lab.host("b").run(["ip", "link", "show", "eth0"]).status != 0


def test_a_link_goes_with_either_of_its_hosts(lab: Lab, ends: tuple[Port, Port]) -> None:
    lab.add_link("l", *ends, SLOW, SLOW)
    lab.remove_host("a")
    assert lab.host("b").run(["ip", "link", "show", "eth0"]).status != 0
    lab.add_host("a")
    lab.add_link("l", *ends)
    assert reaches(lab, "b", "10.0.0.1")


def test_what_cannot_be_changes_nothing(lab: Lab, ends: tuple[Port, Port]) -> None:
    a, b = ends
    for wrong, message in (
        (lambda: lab.add_link("l", a, b, Shape(loss=101), PLAIN), "more than 100 percent"),
        (lambda: lab.add_link("l", a, b, SLOW, PLAIN, engine="tbf"), "tbf cannot carry"),
        (lambda: lab.add_link("l", a, port("c", 3)), "the lab has no host 'c'"),
        (lambda: lab.add_link("l", a, a), "host 'a' already has an interface 'eth0'"),
    ):
        with pytest.raises(HostError, match=message):
            wrong()
    link = lab.add_link("l", a, b)
    with pytest.raises(HostError, match="the lab already has a link 'l'"):
        lab.add_link("l", a, b)
    with pytest.raises(HostError, match="negative"):
        link.set_shape(Shape(delay=-1), PLAIN)
    assert reaches(lab, "a", "10.0.0.2")
    link.remove()
    with pytest.raises(HostError, match="the lab has no link 'l'"):
        link.measure()
