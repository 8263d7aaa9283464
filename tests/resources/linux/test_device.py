"""What changes a node's network takes back what it changed, and only that."""

import pytest

from nepishell.core.errors import HostError

pytestmark = [pytest.mark.lab, pytest.mark.tun]


def node_with_part(lab):
    lab.node("a")
    lab.add("linux::Tap", "t", "a")
    lab.up()
    return lab.rm("a"), lab.rm("t")


def test_changes_are_taken_back_last_first(lab) -> None:
    node, part = node_with_part(lab)
    part.change(node, ["link", "add", "d0", "type", "bridge"], ["link", "del", "dev", "d0"])
    part.change(node, ["addr", "add", "10.1.1.1/24", "dev", "d0"],
                ["addr", "del", "10.1.1.1/24", "dev", "d0"])  # fmt: skip
    part.take_back()
    assert "d0" not in lab.run("a", "ip", "link").stdout


def test_what_was_refused_is_not_taken_back(lab) -> None:
    node, part = node_with_part(lab)
    lab.run("a", "ip", "link", "add", "d0", "type", "bridge")
    with pytest.raises(HostError, match=r"a: `ip link add d0 type bridge` failed: File exists"):
        part.change(node, ["link", "add", "d0", "type", "bridge"], ["link", "del", "dev", "d0"])
    part.take_back()
    assert "d0" in lab.run("a", "ip", "link").stdout


def test_what_is_gone_already_is_no_error(lab) -> None:
    node, part = node_with_part(lab)
    part.change(node, ["link", "add", "d0", "type", "bridge"], ["link", "del", "dev", "d0"])
    lab.run("a", "ip", "link", "del", "dev", "d0")
    part.take_back()
