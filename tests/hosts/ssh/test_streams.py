"""Bulk on channels of its own; test_host.py has the server that allows none."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from nepishell.core.errors import BadValue
from nepishell.hosts.ssh import SshHost


def test_a_command_that_reads_no_more_shows_its_status(host: SshHost) -> None:
    blocks = [b"x" * 1_000_000] * 20
    answer = host._streams.feed("head -c 10 >/dev/null; echo enough >&2; exit 3", blocks)
    assert (answer.status, answer.problem) == (3, "enough")


def test_more_streams_than_sessions_take_turns(host: SshHost) -> None:
    def drain(number: int) -> bytes:
        found = bytearray()
        host._streams.drain(f"echo {number}", found.extend)
        return bytes(found)

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(drain, range(16))) == [b"%d\n" % number for number in range(16)]


def test_a_stream_that_is_given_up_leaves_the_others_alone(host: SshHost) -> None:
    def refuse(block: bytes) -> None:
        raise BadValue("enough")

    with pytest.raises(BadValue):
        host._streams.drain("cat /dev/zero", refuse)
    assert host.run(["echo", "on"]).stdout == "on\n"
