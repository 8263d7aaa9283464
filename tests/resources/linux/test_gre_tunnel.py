"""GRE where the kernel has it; where not, one line that says so."""

import subprocess

import pytest

pytestmark = pytest.mark.lab


def has_gre(lab) -> bool:
    lab.node("probe")
    lab.up("probe")
    add = ["ip", "link", "add", "g", "type", "gretap", "remote", "10.0.0.2", "key", "1"]
    return lab.run("probe", *add).status == 0


def two_sites(lab, **attributes: object) -> None:
    lab.node("a", "b")
    lab.node("r", forwarding=True)
    lab.add("netns::Link", "ar", "a", "r")
    lab.add("netns::Link", "rb", "r", "b")
    lab.add("linux::Tap", "ta", "a", ip="10.9.0.1/24", greKey="7")
    lab.add("linux::Tap", "tb", "b", ip="10.9.0.2/24", greKey="7")
    lab.add("linux::GRETunnel", "tunnel", "ta", "tb", **attributes)


def test_hosts_behind_a_router_become_neighbours(lab) -> None:
    if not has_gre(lab):
        pytest.skip("this kernel has no GRE")
    two_sites(lab)
    lab.up()
    assert lab.run("a", "ping", "-c", "1", "-W", "5", "10.9.0.2").status == 0
    guid = lab.ec.find("tunnel")
    assert lab.ec.release([guid])
    assert lab.run("a", "ip", "link", "show", "dev", lab.rm("ta").deviceName).status


def test_a_kernel_without_gre_says_what_to_use_instead(lab) -> None:
    if has_gre(lab):
        pytest.skip("this kernel has GRE")
    two_sites(lab, critical=False)
    lab.ec.deploy([guid for guid in lab.ec.resources if guid != lab.ec.find("probe")])
    guid = lab.ec.find("tunnel")
    lab.ec.wait(guid, "FAILED", timeout=20)
    assert lab.ec.failure(guid) == "the kernel of a has no GRE: use a linux::UdpTunnel"
    devices = lab.run("a", "ip", "-br", "link").stdout
    assert "tap" not in devices


def test_ip_is_installed_where_these_tests_run() -> None:
    assert subprocess.run(["ip", "-V"], check=False, capture_output=True).returncode == 0
