"""Framing: batches, acknowledgements, refusals."""

from collections.abc import Callable
from contextlib import closing

import pytest

from nepishell.hosts.netns import kernel, messages, netlink
from nepishell.hosts.netns.netlink import NetlinkError, Socket, attr, attr_text, attr_u8, attr_u32


def test_attributes_are_padded_and_read_back() -> None:
    packed = attr(1, b"abc") + attr_u32(2, 7) + attr_u8(3, 9) + attr_text(4, "x")
    assert len(packed) % 4 == 0
    found = netlink.attributes(packed)
    assert found == {1: b"abc", 2: b"\x07\0\0\0", 3: b"\x09", 4: b"x\0"}
    assert netlink.attributes(b"\0\0\0\0") == {}


@pytest.mark.root
@pytest.mark.lab
def test_the_first_refused_request_of_many_is_named_and_the_rest_is_done(
    in_thread: Callable[[Callable[[], object]], object],
) -> None:
    def story() -> tuple[str, int, str]:
        kernel.unshare(kernel.CLONE_NEWNET)
        with closing(Socket()) as rtnetlink:
            requests = [messages.set_link("fine", 1, up=True)] * 100
            requests += [messages.set_link("wrong", 99, up=True), messages.set_link("worse", 98)]
            requests.append(messages.bridge(what="b", index=5, name="b5", up=True, group=1))
            with pytest.raises(NetlinkError) as refusal:
                rtnetlink.send(requests)
            name = netlink.attributes(rtnetlink.ask(messages.sync_link("b", 5))[16:])[3]
            with pytest.raises(NetlinkError, match="gone: No such device"):
                rtnetlink.ask(messages.sync_link("gone", 77))
            return str(refusal.value), refusal.value.errno or 0, name.decode()

    assert in_thread(story) == ("wrong: No such device", 19, "b5\0")


@pytest.mark.root
@pytest.mark.lab
def test_the_kernels_own_words_are_kept(
    in_thread: Callable[[Callable[[], object]], object],
) -> None:
    def story() -> str:
        kernel.unshare(kernel.CLONE_NEWNET)
        with closing(Socket()) as rtnetlink, pytest.raises(NetlinkError) as refusal:
            rtnetlink.send((messages.route("route", "10.0.0.0/8", "10.9.9.9"),))
        return str(refusal.value)

    assert in_thread(story) == "route: Nexthop has invalid gateway"
