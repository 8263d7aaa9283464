import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from nepishell.core.errors import BadValue, WrongState
from nepishell.hosts.netns.model import Shape


def fastest_rtt(lab, one: str, other: str) -> float:
    """Seconds, of five requests: a busy machine makes some slower, none faster."""
    out = lab.run(one, "ping", "-c", "5", "-i", "0.05", "-W", "2", other).stdout
    return float(out.rpartition("=")[2].split("/")[0]) / 1e3


def test_a_property_holds_both_ways_unless_a_way_has_its_own(lab):
    lab.add("netns::Link", "l", delay="10ms", delay_backward="30ms", loss="1%", rate="10mbit",
            up_forward=False)  # fmt: skip
    assert lab.rm("l").shapes() == (
        Shape(rate=1e7, delay=0.01, loss=1.0, up=False),
        Shape(rate=1e7, delay=0.03, loss=1.0),
    )


def test_a_link_has_two_ends_and_no_third(lab):
    lab.node("h1", "h2", "h3")
    lab.add("netns::Link", "l", "h1", "h2")
    with pytest.raises(BadValue, match="l has its 2"):
        lab.ec.register_connection(lab.ec.find("l"), lab.ec.find("h3"))


def test_a_link_with_one_end_is_not_deployed(lab):
    lab.node("h1")
    lab.add("netns::Link", "l", "h1")
    with pytest.raises(BadValue, match="needs 2 netns::Node or netns::Interface"):
        lab.ec.deploy()


def test_what_is_measured_cannot_be_set(lab):
    lab.add("netns::Link", "l")
    with pytest.raises(WrongState, match="it is for reading"):
        lab.ec.set(lab.ec.find("l"), "measured_delay", "1s")


@pytest.fixture
def pair(lab):
    """Two hosts and a link of 10 ms, running."""
    lab.node("h1", "h2")
    lab.add("netns::Link", "l1", "h1", "h2", delay="10ms")
    lab.up()
    return lab


@pytest.mark.lab
def test_a_link_has_its_delay_both_ways(pair):
    assert fastest_rtt(pair, "h1", "h2") >= 0.02


@pytest.mark.lab
def test_a_link_shows_what_carries_it_and_what_it_measured(pair):
    link = pair.ec.find("l1")
    assert pair.ec.get(link, "engine_used") in ("relay", "netem")
    assert "delay" in pair.ec.get(link, "engine_why")
    assert pair.ec.get(link, "measured_delay") >= 0.0095
    assert pair.ec.get(link, "suspect") is False


@pytest.mark.lab
def test_the_delay_is_changed_while_traffic_flows(pair):
    pair.ec.set(pair.ec.find("l1"), "delay", "30ms")
    assert fastest_rtt(pair, "h1", "h2") >= 0.06


@pytest.mark.lab
def test_one_way_is_changed_alone(pair):
    pair.ec.set(pair.ec.find("l1"), "delay_backward", "40ms")
    assert 0.05 <= fastest_rtt(pair, "h1", "h2") < 0.08


@pytest.mark.lab
def test_all_is_lost_while_the_loss_is_all(pair):
    link = pair.ec.find("l1")
    pair.ec.set(link, "loss", "100%")
    assert pair.run("h1", "ping", "-c", "2", "-i", "0.05", "-W", "1", "h2").status == 1
    pair.ec.set(link, "loss", "0%")
    assert pair.run("h1", "ping", "-c", "1", "-W", "10", "h2").status == 0


@pytest.mark.lab
def test_a_link_is_taken_down_and_back(pair):
    link = pair.ec.find("l1")
    pair.ec.set(link, "up", False)
    assert pair.run("h1", "ping", "-c", "1", "-W", "1", "h2").status != 0
    pair.ec.set(link, "up", True)
    assert pair.run("h1", "ping", "-c", "1", "-W", "10", "h2").status == 0


@pytest.mark.lab
def test_a_value_that_no_engine_can_do_is_refused_and_changes_nothing(pair):
    link = pair.ec.find("l1")
    with pytest.raises(OSError, match="jitter"):
        pair.ec.set(link, "jitter", "1s")
    assert pair.ec.get(link, "jitter") is None
    assert pair.ec.state(link, hr=True) == "STARTED"


@pytest.mark.lab
def test_a_second_link_is_added_while_the_first_runs(pair):
    pair.node("h3")
    pair.add("netns::Link", "l2", "h2", "h3")
    pair.up("h3", "l2")
    assert pair.addresses("h2") == ["eth0 10.0.1.2/24", "eth1 10.0.2.1/24"]
    assert pair.run("h2", "ping", "-c", "1", "-W", "2", "h3").status == 0


@pytest.mark.lab
def test_a_link_that_is_released_leaves_its_hosts(pair):
    assert pair.ec.release(pair.ec.find("l1"))
    assert pair.addresses("h1") == []
    assert pair.run("h1", "true").status == 0


@pytest.mark.lab
def test_a_link_that_misses_what_it_declares_fails(lab):
    lab.node("h1", "h2")
    # nobody can do this rate within a hundredth of a percent
    link = lab.add("netns::Link", "l1", "h1", "h2", rate="10mbit", tolerance=0)
    lab.ec.deploy()
    done = lab.ec.wait_started(link, timeout=10)
    assert not done
    assert "set best_effort=true to use it all the same" in done.reason


@pytest.mark.lab
def test_a_link_that_misses_and_is_best_effort_is_marked(lab):
    lab.node("h1", "h2")
    link = lab.add("netns::Link", "l1", "h1", "h2", rate="10mbit", tolerance=0, best_effort=True)
    lab.up()
    assert lab.ec.get(link, "suspect") is True


@pytest.mark.lab
def test_nothing_is_left_after_the_run(lab):
    lab.node("h1", "h2")
    lab.add("netns::Link", "l1", "h1", "h2", delay="1ms")
    lab.add("linux::Application", "app", "h1", command="sleep 1000")
    lab.up()
    keeper = lab.rm("h1").net.lab.here.keeper_pid
    lab.ec.shutdown()
    with pytest.raises(ProcessLookupError):
        os.kill(keeper, 0)


@pytest.mark.lab
def test_many_links_prove_themselves_at_once(lab):
    lab.node(*(f"n{k}" for k in range(11)))
    for k in range(10):
        lab.add("netns::Link", f"l{k}", f"n{k}", f"n{k + 1}", delay="5ms", rate="20mbit")
    lab.up()
    assert all(lab.rm(f"l{k}").measured_delay >= 0.0045 for k in range(10))


@pytest.mark.lab
def test_a_link_that_does_nothing_to_packets_is_a_plain_pair(lab):
    lab.node("h1", "h2")
    link = lab.add("netns::Link", "l1", "h1", "h2")
    lab.up()
    assert lab.ec.get(link, "engine_used") == "veth"
    assert lab.ec.get(link, "measured_delay") is None


#: More than the buffer of a socket holds.
FLOOD = """
from socket import AF_INET, SOCK_DGRAM, socket
s = socket(AF_INET, SOCK_DGRAM)
for _ in range(30000): s.sendto(bytes(1400), ("h2", 9))
"""


def relays() -> list[int]:
    """The processes that carry the links of this run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if b"nepishell.hosts.netns.relay\0" in path.read_bytes():
                found.append(int(path.parent.name))
    return [pid for pid in found if descends(pid, os.getpid())]


def descends(pid: int, ancestor: int) -> bool:
    while pid > 1 and pid != ancestor:
        stat = Path(f"/proc/{pid}/stat").read_text()
        pid = int(stat.rpartition(")")[2].split()[1])
    return pid == ancestor


@pytest.mark.lab
def test_a_link_whose_relay_cannot_keep_up_is_doubted_while_it_runs(pair):
    if pair.ec.get(pair.ec.find("l1"), "engine_used") != "relay":
        pytest.skip("the kernel carries this link")
    # who asks for an address gets no answer meanwhile
    fastest_rtt(pair, "h1", "h2")
    carrying = relays()
    assert carrying
    for pid in carrying:
        os.kill(pid, signal.SIGSTOP)
    pair.run("h1", sys.executable, "-c", FLOOD)
    for pid in carrying:
        os.kill(pid, signal.SIGCONT)
    pair.ec.fidelity.look()
    (doubt,) = pair.ec.fidelity.doubts
    assert doubt.guid == pair.ec.find("l1")
    assert "frames were lost because this machine was too slow" in str(doubt)
    pair.ec.fidelity.look()
    assert len(pair.ec.fidelity.doubts) == 1


@pytest.mark.lab
def test_a_stopped_link_passes_nothing_until_it_is_started_again(pair):
    link = pair.ec.find("l1")
    pair.ec.stop(link)
    pair.ec.set(link, "delay", "15ms")
    assert pair.run("h1", "ping", "-c", "1", "-W", "1", "h2").status != 0
    pair.ec.start(link)
    assert fastest_rtt(pair, "h1", "h2") >= 0.03
