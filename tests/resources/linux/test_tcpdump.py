import shutil
import struct

import pytest

needs_tcpdump = pytest.mark.skipif(not shutil.which("tcpdump"), reason="tcpdump is not installed")


def packets(pcap: bytes) -> int:
    """How many packets a capture file holds."""
    count, at = 0, 24
    while at < len(pcap):
        at += 16 + struct.unpack_from("<I", pcap, at + 8)[0]
        count += 1
    assert at == len(pcap)
    return count


def test_an_expression_is_given_as_words(fake):
    fake.add("linux::Tcpdump", "td", "n", expression="icmp or udp port 53", text=True)
    assert fake.rm("td").argv()[-5:] == ["icmp", "or", "udp", "port", "53"]


def test_a_capture_with_holes_makes_the_run_doubtful(local):
    says = "listening on x\\n9 packets captured\\n3 packets dropped by kernel\\n"
    local.add("linux::Tcpdump", "td", "n", command=f"sh -c 'printf \"{says}\" >&2'")
    local.ec.deploy()
    td = local.rm("td").guid
    local.ec.wait_finished(td)
    (doubt,) = local.ec.fidelity.doubts
    assert (doubt.kind, doubt.guid) == ("capture", td)
    assert doubt.text == "3 packets were not captured"


@needs_tcpdump
@pytest.mark.lab
def test_no_packet_is_lost_from_start_to_stop(pair):
    td = pair.add("linux::Tcpdump", "td", "h2", interface="eth0", expression="icmp")
    pair.up()
    assert pair.run("h1", "ping", "-c", "50", "-i", "0.002", "-W", "2", "h2").status == 0
    pair.ec.stop(td)
    pair.finished("td")
    assert packets(pair.ec.trace(td, "pcap")) == 100
    assert pair.rm("td").metric("captured") == 100


@needs_tcpdump
@pytest.mark.lab
def test_an_interface_that_is_not_there_fails_before_it_starts(pair):
    td = pair.add("linux::Tcpdump", "td", "h2", interface="nosuch")
    pair.ec.deploy()
    assert not pair.ec.wait_started(td, timeout=20)
    assert "nosuch" in pair.ec.failure(td) or "No such device" in pair.ec.failure(td)
