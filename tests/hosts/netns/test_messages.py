"""Requests to rtnetlink, read back by pyroute2."""

import socket
from typing import Any

import pytest
from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
from pyroute2.netlink.rtnl.rtmsg import rtmsg

from nepishell.hosts.netns import messages, netlink
from nepishell.hosts.netns.messages import BadAddress, Cidr, mac_bytes

MAC = "02:00:00:00:00:07"


def decoded(kind: Any, message: netlink.Message) -> Any:
    """What pyroute2 reads in *message*."""
    size = len(message.body) + 16
    header = size.to_bytes(4, "little") + message.kind.to_bytes(2, "little") + bytes(10)
    found = kind(header + message.body)
    found.decode()
    return found


def test_a_pair_is_one_request() -> None:
    message = messages.veth(
        what="pair", index=7, name="p7", master=2, group=1, mtu=1400, peer_ns=33, peer_index=8,
        peer_name="eth0", peer_mac=mac_bytes(MAC), peer_mtu=1300,
    )  # fmt: skip
    found = decoded(ifinfmsg, message)
    assert (found["index"], found["flags"] & 1) == (7, 1)
    wanted = {"ifname": "p7", "master": 2, "group": 1, "mtu": 1400}
    assert {name: found.get(name) for name in wanted} == wanted
    info = found.get("linkinfo")
    peer = info.get("data").get("VETH_INFO_PEER")
    assert info.get("kind") == "veth"
    assert (peer["index"], peer["flags"]) == (8, 0)
    wanted = {"ifname": "eth0", "address": MAC, "mtu": 1300, "net_ns_fd": 33}
    assert {name: peer.get(name) for name in wanted} == wanted


def test_a_change_carries_only_what_is_changed() -> None:
    found = decoded(ifinfmsg, messages.set_link("x", 3, mtu=9000))
    assert (found["index"], found["change"], found.get("mtu")) == (3, 0, 9000)
    assert [name for name, _ in found["attrs"]] == ["IFLA_MTU"]
    assert decoded(ifinfmsg, messages.set_link("x", 3, up=False))["change"] == 1


@pytest.mark.parametrize(
    ("text", "broadcast"),
    [("10.0.0.1/24", "10.0.0.255"), ("10.0.0.1/31", None), ("fd00::1/64", None)],
)
def test_an_address_has_its_prefix_and_broadcast(text: str, broadcast: str | None) -> None:
    found = decoded(ifaddrmsg, messages.address("x", 3, Cidr(text)))
    assert f"{found.get('IFA_ADDRESS')}/{found['prefixlen']}" == text
    assert found.get("IFA_BROADCAST") == broadcast
    # no duplicate detection for IPv6
    assert found["flags"] == (2 if ":" in text else 0)


def test_a_route_names_network_and_neighbour() -> None:
    found = decoded(rtmsg, messages.route("x", "10.1.2.3/16", "10.0.0.1"))
    assert (found["dst_len"], found.get("dst"), found.get("gateway")) == (
        16,
        "10.1.0.0",
        "10.0.0.1",
    )
    default = decoded(rtmsg, messages.route("x", "default", "fd00::1"))
    assert (default["family"], default["dst_len"]) == (socket.AF_INET6, 0)


@pytest.mark.parametrize(
    "text", ["", "10.0.0", "10.0.0.1/x", "10.0.0.1/33", "fd00::g/64", "::1/129"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress, match=f"^'{text}' "):
        Cidr(text)


@pytest.mark.parametrize("text", ["", "02", "02:00:00:00:00", "02:00:00:00:00:0g", "020000000001"])
def test_what_is_no_mac_is_refused(text: str) -> None:
    with pytest.raises(BadAddress, match="is not a MAC address"):
        mac_bytes(text)


def test_the_link_local_address_comes_from_the_mac() -> None:
    assert messages.link_local(mac_bytes(MAC)).text == "fe80::ff:fe00:7/64"
