"""A link in the hands of who made it; see test_cables.py for what it does."""

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.link import engine_and_why
from nepishell.hosts.netns.model import Port, Shape


def test_an_answer_is_engine_and_reason() -> None:
    assert engine_and_why(["veth", "nothing to emulate"]) == ("veth", "nothing to emulate")
    with pytest.raises(AssertionError, match="not an answer"):
        engine_and_why(None)


@pytest.mark.lab
def test_the_handle_follows_a_change_of_engine(lab: Lab) -> None:
    lab.add_hosts(["a", "b"])
    link = lab.add_link("l", Port(host="a", ifname="e"), Port(host="b", ifname="e"))
    assert link.engine == "veth"
    slow = Shape(delay=0.01, rate=1e8, queue=50)
    link.set_shape(slow, slow)
    report = link.measure()
    assert (link.engine, report.engine, report.why) == ("relay", "relay", link.why)


@pytest.mark.lab
def test_a_link_of_a_closed_lab_is_an_error(lab: Lab) -> None:
    lab.add_hosts(["a", "b"])
    link = lab.add_link("l", Port(host="a", ifname="e"), Port(host="b", ifname="e"))
    lab.close()
    for use in (link.measure, link.remove):
        with pytest.raises(HostError, match="the lab is closed"):
            use()


@pytest.mark.lab
@pytest.mark.parametrize("engine", ["tbf", "relay"])
def test_packets_that_wait_are_counted(lab: Lab, engine: str) -> None:
    lab.add_hosts(["a", "b"])
    one = Port(host="a", ifname="e", addresses=["10.9.0.1/24"])
    two = Port(host="b", ifname="e", addresses=["10.9.0.2/24"])
    # a full frame takes a second and a half
    link = lab.add_link("l", one, two, Shape(rate=8000, queue=50), Shape(), engine=engine)
    assert link.queued() == (0, 0)
    lab.host("a").run(["ping", "-c", "8", "-i", "0.01", "-s", "1400", "-w", "1", "10.9.0.2"])
    forward, backward = link.queued()
    assert 1 <= forward <= 51
    assert backward == 0


@pytest.mark.lab
def test_on_a_plain_link_nothing_waits(lab: Lab) -> None:
    lab.add_hosts(["a", "b"])
    link = lab.add_link("l", Port(host="a", ifname="e"), Port(host="b", ifname="e"))
    assert link.queued() == (0, 0)
