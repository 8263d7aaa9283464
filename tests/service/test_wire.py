"""Lines and descriptors over a socket, and what is no request."""

import os
import socket

import pytest

from nepishell.core.errors import NepishellError
from nepishell.lang.errors import LangError
from nepishell.service import wire


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"nonsense", "one JSON object per line: expecting value at column 1"),
        (b"[1]", "not an array"),
        (b"null", "not null"),
        (b'"x"', "not a text"),
        (b"7", "not a number"),
        (b'{"do": "\xff"}', "UTF-8; byte 8 is not"),
        (b"[" * 100_000, "nothing nested so deep"),
        (b'{"a":' * 50_000, "nothing nested so deep"),
        (b'{"id": ' + b"9" * 10_000 + b"}", "too long to be one"),
    ],
)
def test_what_is_no_request_is_told_in_a_line(line: bytes, why: str) -> None:
    with pytest.raises(wire.BadRequest) as caught:
        wire.decode(line)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_message_survives_the_way_also_what_is_no_unicode() -> None:
    assert wire.decode(wire.encode({"do": "say ü"})) == {"do": "say ü"}
    assert b"\\udcff" in wire.encode({"name": "\udcff"})


def test_a_line_without_end_is_refused_before_it_is_read_whole() -> None:
    ours, theirs = socket.socketpair()
    lines = wire.Lines()
    with ours, theirs:
        theirs.setblocking(False)
        with pytest.raises(wire.TooLong, match="at most 1 MiB"):  # noqa: PT012
            for _ in range(2 * wire.MAX_LINE // 4096):
                ours.sendall(b"x" * 4096)
                lines.receive(theirs)


def test_descriptors_come_beside_their_line_and_no_more_than_two_are_kept() -> None:
    ours, theirs = socket.socketpair()
    lines = wire.Lines()
    with ours, theirs, open(os.devnull) as file:  # noqa: PTH123
        for _ in range(3):
            wire.send_terminal(ours, b'{"attach":{}}\n', file.fileno(), file.fileno())
            assert lines.receive(theirs) == [b'{"attach":{}}']
        assert len(lines.descriptors) == wire.TERMINAL_FDS
        found = lines.take()
        assert all(os.stat(fd).st_rdev == os.stat(os.devnull).st_rdev for fd in found)  # noqa: PTH116
        for fd in found:
            os.close(fd)
        lines.close()
        ours.close()
        assert lines.receive(theirs) is None


def test_an_error_says_where_in_the_line_it_is() -> None:
    problem = LangError("no command 'x'", 0, 1)
    assert wire.error_of(problem) == {"message": "no command 'x'", "column": 0, "length": 1}
    assert wire.error_of(NepishellError("no")) == {"message": "no"}
