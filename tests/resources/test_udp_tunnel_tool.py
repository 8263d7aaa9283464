"""The forwarder's own parts; two of them at work are in linux/test_udp_tunnel.py."""

import pytest

from nepishell.resources import udp_tunnel_tool as tool


def shaken(one: bytes, two: bytes) -> tuple[bool, bool]:
    """Whether caller and listener with these keys come to trust each other."""
    caller, listener = tool.Handshake(one, calls=True), tool.Handshake(two, calls=False)
    proved = {caller: False, listener: False}
    sender, receiver, datagram = caller, listener, caller.request()
    while datagram:
        datagram, is_proved = receiver.answer(datagram)
        proved[receiver] |= is_proved
        sender, receiver = receiver, sender
    return proved[caller], proved[listener]


def test_two_that_have_the_key_trust_each_other() -> None:
    assert shaken(b"k" * 32, b"k" * 32) == (True, True)


def test_another_key_proves_nothing() -> None:
    assert shaken(b"k" * 32, b"x" * 32) == (False, False)


def test_a_greeting_that_is_played_again_proves_nothing() -> None:
    caller, listener = (tool.Handshake(b"k", calls=calls) for calls in (True, False))
    welcome, _ = listener.answer(caller.request())
    confirm, _ = caller.answer(welcome)
    later = tool.Handshake(b"k", calls=False)
    assert later.answer(confirm) == (b"", False)


def test_a_message_of_a_stranger_is_not_answered() -> None:
    listener = tool.Handshake(b"k", calls=False)
    assert listener.answer(b"\x01" + bytes(60)) == (b"", False)


def test_a_bucket_gives_its_rate_and_no_more() -> None:
    bucket = tool.Bucket(1000)
    assert bucket.take(3000)
    assert not bucket.take(1500)
    assert 1.0 < bucket.wait_s(1500) <= 1.5


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(tool.Gone, match="cannot use"):
        tool.open_device("no-such-device", "tap")


def test_a_file_is_whole_as_soon_as_it_is_there(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    tool.publish("port", "17\n")
    assert [path.name for path in tmp_path.iterdir()] == ["port"]
    assert (tmp_path / "port").read_text() == "17\n"
