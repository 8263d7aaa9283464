"""Tunnels over UDP between two hosts that a router keeps apart."""

import os
import signal

import pytest

from nepishell.core.errors import BadValue

pytestmark = [pytest.mark.lab, pytest.mark.tun]

STARTED, STOPPED, FAILED = 4, 5, 6


def two_sites(lab, rtype: str = "linux::Tap", **attributes: object) -> None:
    """a and b behind a router, with a tunnel that is not deployed yet."""
    lab.node("a", "b")
    lab.node("r", forwarding=True)
    lab.add("netns::Link", "ar", "a", "r")
    lab.add("netns::Link", "rb", "r", "b")
    lab.add(rtype, "ta", "a", ip="10.9.0.1", prefix="24")
    lab.add(rtype, "tb", "b", ip="10.9.0.2", prefix="24")
    lab.add("linux::UdpTunnel", "tunnel", "ta", "tb", **attributes)


@pytest.mark.parametrize("rtype", ["linux::Tap", "linux::Tun"])
def test_hosts_behind_a_router_become_neighbours(lab, rtype: str) -> None:
    two_sites(lab, rtype)
    lab.up()
    done = lab.run("a", "ping", "-c", "2", "-i", "0.01", "-W", "5", "10.9.0.2")
    assert done.status == 0, done.stdout
    hops = lab.run("a", "ping", "-c", "1", "-W", "5", "-t", "1", "10.9.0.2")
    assert hops.status == 0


def test_a_packet_as_large_as_its_interface_passes(lab) -> None:
    two_sites(lab)
    lab.up()
    size = lab.rm("ta").get("mtu") or 1420
    sent = str(size - 28)
    done = lab.run("a", "ping", "-c", "1", "-W", "5", "-M", "do", "-s", sent, "10.9.0.2")
    assert done.status == 0, done.stdout


def test_release_leaves_the_hosts_as_they_were(lab) -> None:
    lab.node("a", "b")
    lab.add("netns::Link", "ab", "a", "b")
    lab.up()
    before = lab.run("a", "ip", "address").stdout
    lab.add("linux::Tap", "ta", "a", ip="10.9.0.1/24")
    lab.add("linux::Tap", "tb", "b", ip="10.9.0.2/24")
    lab.add("linux::UdpTunnel", "tunnel", "ta", "tb")
    lab.up("ta", "tb", "tunnel")
    assert "10.9.0.1/24" in lab.run("a", "ip", "address").stdout
    assert lab.ec.release([lab.ec.find(name) for name in ("ta", "tb", "tunnel")])
    assert lab.run("a", "ip", "address").stdout == before
    assert lab.run("a", "sh", "-c", "cat /proc/net/udp | wc -l").stdout.strip() == "1"


def test_the_death_of_a_forwarder_fails_the_tunnel_with_its_reason(lab) -> None:
    two_sites(lab)
    lab.up()
    tunnel = lab.rm("tunnel")
    os.kill(tunnel._sides[1].process.pid, signal.SIGKILL)
    guid = lab.ec.find("tunnel")
    lab.ec.wait(guid, "FAILED", timeout=20)
    assert lab.ec.failure(guid) == "the end at b has ended with status 137"


def test_a_device_that_is_taken_away_fails_the_tunnel_in_its_own_words(lab) -> None:
    two_sites(lab)
    lab.up()
    device = lab.rm("ta").deviceName
    lab.run("a", "ip", "link", "del", "dev", device)
    guid = lab.ec.find("tunnel")
    lab.ec.wait(guid, "FAILED", timeout=20)
    assert lab.ec.failure(guid) == (
        "the end at a has ended with status 1; its last words: the device is gone: "
        "File descriptor in bad state"
    )


def test_without_a_path_it_fails_and_says_what_was_tried(lab) -> None:
    lab.node("a", "b")
    lab.add("linux::Tap", "ta", "a")
    lab.add("linux::Tap", "tb", "b")
    lab.add("linux::UdpTunnel", "tunnel", "ta", "tb", timeout="300ms", critical=False)
    guids = [lab.ec.find(name) for name in ("a", "b", "ta", "tb", "tunnel")]
    lab.ec.deploy(guids)
    lab.ec.wait(guids[-1], "FAILED", timeout=20)
    assert lab.ec.failure(guids[-1]) == (
        "no packet came through in 0.3s: does b reach a by UDP, port any?"
    )


def test_no_packet_passes_after_stop(lab) -> None:
    two_sites(lab)
    lab.up()
    guid = lab.ec.find("tunnel")
    lab.ec.stop(guid)
    assert lab.ec.wait(guid, "STOPPED", timeout=20)
    done = lab.run("a", "ping", "-c", "1", "-W", "0.2", "10.9.0.2")
    assert done.status == 1


def test_a_limit_holds_each_way(lab) -> None:
    two_sites(lab, bwLimit=125_000)  # 1 Mbit/s
    lab.up()
    lab.add("linux::FlowReceiver", "sink", "b")
    lab.add("linux::Flow", "flow", "a", target="10.9.0.2", rate="5mbit", duration="2s")
    lab.ec.register_connection(lab.ec.find("flow"), lab.ec.find("sink"))
    lab.up("sink", "flow")
    lab.finished("flow")
    lab.ec.stop(lab.ec.find("sink"))
    rows = lab.ec.trace(lab.ec.find("sink"), "throughput").splitlines()[1:]
    rates = sorted(float(row.split(",")[-1]) for row in rows)
    assert 0 < rates[len(rates) // 2] < 1.2e6


def test_a_cipher_is_refused_with_the_way_out(lab) -> None:
    with pytest.raises(BadValue, match="travel as they are"):
        lab.ec.register_resource("linux::UdpTunnel", cipher="AES")


def test_ends_of_two_kinds_are_refused(lab) -> None:
    lab.node("a", "b")
    lab.add("netns::Link", "ab", "a", "b")
    lab.add("linux::Tap", "ta", "a")
    lab.add("linux::Tun", "tb", "b")
    lab.add("linux::UdpTunnel", "tunnel", "ta", "tb", critical=False)
    guids = [lab.ec.find(name) for name in ("a", "b", "ab", "ta", "tb", "tunnel")]
    lab.ec.deploy(guids)
    lab.ec.wait(guids[-1], "FAILED", timeout=20)
    assert lab.ec.failure(guids[-1]) == (
        "tunnel: ta is a linux::Tap and tb a linux::Tun; both ends must be of one kind"
    )
