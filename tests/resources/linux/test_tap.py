"""Virtual interfaces, without a tunnel."""

import pytest

from nepishell.core.errors import BadValue

pytestmark = [pytest.mark.lab, pytest.mark.tun]


def link(lab, node: str, name: str) -> str:
    return lab.run(node, "ip", "-d", "link", "show", "dev", name).stdout


def test_a_tap_has_what_was_asked(lab) -> None:
    lab.node("a")
    lab.add("linux::Tap", "t", "a", mac="02:00:00:00:00:01", mtu=1300, txqueuelen="77",
            ip="10.9.0.1", prefix="24")  # fmt: skip
    lab.up()
    name = lab.rm("t").deviceName
    assert name == f"tap{lab.ec.find('t')}"
    shown = link(lab, "a", name)
    assert "02:00:00:00:00:01" in shown
    assert "mtu 1300" in shown
    assert "qlen 77" in shown
    assert "tun type tap" in shown
    assert f"{name} 10.9.0.1/24" in lab.addresses("a")


def test_a_tun_with_another_end_is_point_to_point(lab) -> None:
    lab.node("a")
    lab.add("linux::Tun", "t", "a", ip="10.9.0.1", pointopoint="10.9.0.2")
    lab.up()
    shown = lab.run("a", "ip", "address", "show", "dev", lab.rm("t").deviceName).stdout
    assert "10.9.0.1 peer 10.9.0.2/32" in shown


def test_mtu_and_up_change_while_it_is_there(lab) -> None:
    lab.node("a")
    lab.add("linux::Tap", "t", "a")
    lab.up()
    guid = lab.ec.find("t")
    lab.ec.set(guid, "mtu", 1234)
    lab.ec.set(guid, "up", False)
    shown = link(lab, "a", lab.rm("t").deviceName)
    assert "mtu 1234" in shown
    assert ",UP" not in shown


def test_a_name_that_somebody_has_is_left_to_him(lab) -> None:
    lab.node("a")
    lab.add("linux::Tap", "t", "a")
    lab.up("a")
    theirs = f"tap{lab.ec.find('t')}"
    lab.run("a", "ip", "link", "add", theirs, "type", "bridge")
    lab.up("t")
    assert lab.rm("t").deviceName == f"{theirs}-1"
    assert lab.ec.release([lab.ec.find("t")])
    assert "bridge" in link(lab, "a", theirs)


def test_what_was_half_made_is_gone_after_release(lab) -> None:
    lab.node("a")
    lab.add("linux::Tap", "t", "a", mac="ff:00:00:00:00:01", critical=False)  # a group's address
    lab.ec.deploy([lab.ec.find("a"), lab.ec.find("t")])
    lab.ec.wait(lab.ec.find("t"), "FAILED", timeout=20)
    name = lab.rm("t").deviceName
    assert link(lab, "a", name)
    assert lab.ec.release([lab.ec.find("t")])
    assert link(lab, "a", name) == ""


def test_tear_down_runs_before_the_device_goes(lab, tmp_path) -> None:
    lab.node("a")
    lab.add("linux::Tap", "t", "a")
    lab.ec.set(lab.ec.find("t"), "tearDown", f"ip -br link | grep -c tap > '{tmp_path}/n'")
    lab.up()
    assert lab.ec.release([lab.ec.find("t")])
    assert (tmp_path / "n").read_text() == "1\n"


@pytest.mark.parametrize("address", ["10.9.0", "10.9.0.1/33", "a"])
def test_a_wrong_address_is_refused_when_it_is_written(lab, address: str) -> None:
    with pytest.raises(BadValue, match=address):
        lab.ec.register_resource("linux::Tap", ip=address)


def test_an_address_without_a_prefix_says_what_to_set(lab) -> None:
    lab.node("a")
    lab.add("linux::Tap", "t", "a", ip="10.9.0.1", critical=False)
    lab.ec.deploy([lab.ec.find("a"), lab.ec.find("t")])
    guid = lab.ec.find("t")
    lab.ec.wait(guid, "FAILED", timeout=20)
    assert lab.ec.failure(guid) == "t has the address 10.9.0.1 without a prefix; set prefix 24"
