"""Interfaces that are there already: found, changed, put back."""

import pytest

from nepishell.core.errors import BadValue, NepishellError
from nepishell.resources.linux.interface import mask_length, parse_interfaces

SAMPLE = """[
 {"ifname": "lo", "flags": ["LOOPBACK","UP"], "mtu": 65536, "address": "00:00:00:00:00:00",
  "addr_info": [{"local": "127.0.0.1", "prefixlen": 8}]},
 {}, {"ifname": "eth0", "flags": ["BROADCAST","UP"], "mtu": 1500, "address": "02:00:00:00:00:07",
  "addr_info": [{"local": "10.0.1.7", "prefixlen": 24}, {"local": "fd00::7", "prefixlen": 64}]}
]"""


def test_reads_what_the_kernel_lists() -> None:
    lo, eth0 = parse_interfaces(SAMPLE)
    assert lo.loopback
    assert (eth0.name, eth0.mtu, eth0.mac, eth0.up) == ("eth0", 1500, "02:00:00:00:00:07", True)
    assert eth0.has("fd00:0::7")
    assert not eth0.has("10.0.1.8")


@pytest.mark.parametrize("mask", ["24", "/24", "255.255.255.0"])
def test_a_mask_is_written_in_three_ways(mask: str) -> None:
    assert mask_length(mask) == 24


def test_a_mask_that_is_none_says_how_to_write_one() -> None:
    with pytest.raises(BadValue, match=r"write 24 or 255\.255\.255\.0"):
        mask_length("255.0.255.0")


def plugged(lab) -> None:
    lab.node("a", "b")
    lab.add("netns::Link", "ab", "a", "b")
    lab.up()


def state(lab) -> str:
    return lab.run("a", "ip", "address").stdout


@pytest.mark.lab
def test_it_is_found_by_its_address(lab) -> None:
    plugged(lab)
    lab.add("linux::Interface", "i", "a", ip4="10.0.1.1")
    lab.up("i")
    interface = lab.rm("i")
    assert (interface.deviceName, interface.mask4) == ("eth0", "24")


@pytest.mark.lab
def test_without_any_word_it_is_the_first_that_is_up(lab) -> None:
    plugged(lab)
    lab.add("linux::Interface", "i", "a")
    lab.up("i")
    assert (lab.rm("i").deviceName, lab.rm("i").ip4) == ("eth0", "10.0.1.1")


@pytest.mark.lab
def test_what_it_is_given_is_taken_back_at_release(lab) -> None:
    plugged(lab)
    before = state(lab)
    lab.add("linux::Channel", "c")
    lab.add("linux::Interface", "i", "a", "c", deviceName="eth0", ip4="10.77.0.1", mask4="24",
            ip6="fd77::1", mask6=64, mtu=1400, mac="02:00:00:00:77:01")  # fmt: skip
    lab.up("c", "i")
    during = state(lab)
    for part in ("10.77.0.1/24", "fd77::1/64", "mtu 1400", "02:00:00:00:77:01", "10.0.1.1/24"):
        assert part in during
    lab.ec.set(lab.ec.find("i"), "mtu", 1300)
    assert "mtu 1300" in state(lab)
    assert lab.ec.release([lab.ec.find("i")])
    assert state(lab) == before


@pytest.mark.lab
def test_one_that_was_switched_off_is_up_again_after_release(lab) -> None:
    plugged(lab)
    lab.add("linux::Interface", "i", "a", deviceName="eth0")
    lab.up("i")
    lab.ec.set(lab.ec.find("i"), "up", False)
    assert "state DOWN" in state(lab)
    assert lab.ec.release([lab.ec.find("i")])
    done = lab.run("a", "ping", "-c", "1", "-W", "5", "b")
    assert done.status == 0


@pytest.mark.lab
@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"deviceName": "eth9"}, "a has no interface 'eth9': it has lo, eth0"),
        (
            {"ip4": "10.77.0.1"},
            "no interface of a has 10.77.0.1; to give the address to one, "
            "set deviceName to one of lo, eth0",
        ),
        (
            {"deviceName": "eth0", "ip4": "10.77.0.1"},
            "i: 10.77.0.1 is new on eth0; set mask4",
        ),
    ],
)
def test_what_cannot_be_says_what_to_do(lab, attributes: dict[str, str], reason: str) -> None:
    plugged(lab)
    lab.add("linux::Interface", "i", "a", critical=False, **attributes)
    guid = lab.ec.find("i")
    lab.ec.deploy([guid])
    lab.ec.wait(guid, "FAILED", timeout=20)
    assert lab.ec.failure(guid) == reason


@pytest.mark.root
def test_the_interfaces_of_this_machine_are_read_and_never_changed(lab) -> None:
    lab.add("local::Node", "here")
    lab.add("linux::Interface", "i", "here", deviceName="lo", critical=False)
    lab.up()
    with pytest.raises(NepishellError, match="belongs to this machine: mtu of it is not changed"):
        lab.ec.set(lab.ec.find("i"), "mtu", 1400)
