import socket
from collections.abc import Iterator

import pytest

from bench.wire import Namespaces
from nepishell.core.errors import HostError
from nepishell.hosts.netns.relayframe import VNET_HEADER
from nepishell.hosts.netns.relayport import offloads, open_port, set_offloads

UDP_SEGMENT = 103  # from linux/udp.h
pytestmark = [pytest.mark.root, pytest.mark.lab]
FRAME = b"\xff" * 6 + b"\x02\0\0\0\0\1" + b"\x88\xb5" + b"payload".ljust(50, b".")


@pytest.fixture
def pair() -> Iterator[Namespaces]:
    """Two namespaces, joined by a veth pair: near in "a", far in "b"."""
    spaces = Namespaces("a", "b")
    spaces.ip("a", [f"link add near type veth peer name far netns {spaces.path('b')}"])
    spaces.ip("a", ["link set near up"])
    spaces.ip("b", ["link set far up"])
    yield spaces
    spaces.close()


def test_a_frame_comes_out_of_the_other_port_as_it_went_in(pair: Namespaces) -> None:
    with pair.inside("a", open_port, "near") as near, pair.inside("b", open_port, "far") as far:
        far.settimeout(20)
        near.send(bytes(VNET_HEADER) + FRAME)
        assert far.recv(2048)[VNET_HEADER:] == FRAME


def test_a_port_does_not_hear_what_it_sent_itself(pair: Namespaces) -> None:
    with pair.inside("a", open_port, "near") as near, pair.inside("b", open_port, "far") as far:
        near.send(bytes(VNET_HEADER) + FRAME)
        far.settimeout(20)
        far.recv(2048)
        with pytest.raises(BlockingIOError):
            near.recv(2048)


def test_an_interface_that_is_not_there_is_named(pair: Namespaces) -> None:
    with pytest.raises(HostError, match="no packet socket on 'nowhere': No such device"):
        pair.inside("a", open_port, "nowhere")
    with pytest.raises(HostError, match="offloads of 'nowhere' do not change"):
        pair.inside("a", set_offloads, "nowhere", on=False)


def test_offloads_go_off_and_on(pair: Namespaces) -> None:
    assert pair.inside("a", offloads, "near")
    pair.inside("a", set_offloads, "near", on=False)
    assert not pair.inside("a", offloads, "near")
    assert pair.inside("b", offloads, "far")
    pair.inside("a", set_offloads, "near", on=True)
    assert pair.inside("a", offloads, "near")


def test_datagrams_are_not_joined_either_when_offloads_are_off(pair: Namespaces) -> None:
    pair.ip(
        "a",
        [
            "address add 10.9.0.1/24 dev near",
            "neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev near",
        ],
    )
    pair.inside("a", set_offloads, "near", on=False)
    with (
        pair.inside("b", open_port, "far") as far,
        pair.inside("a", socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        far.settimeout(20)
        sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, 500)
        sender.sendto(bytes(1000), ("10.9.0.2", 9))
        frames = [far.recv(4096) for _ in range(2)]
    assert [len(frame) - VNET_HEADER for frame in frames] == [14 + 20 + 8 + 500] * 2
