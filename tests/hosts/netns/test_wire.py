"""Lines over a socket."""

import socket

from nepishell.hosts.netns import wire


def test_lines_come_whole_however_they_were_cut() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        lines = wire.Lines(ours)
        data = wire.encode(["a", 1]) + wire.encode({"ok": None}) + b'["b"'
        theirs.sendall(data)
        assert lines.read() == [b'["a",1]', b'{"ok":null}']
        theirs.sendall(b"]\n")
        assert lines.read() == [b'["b"]']


def test_the_end_is_no_line_even_after_half_a_one() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.sendall(b"[1")
        theirs.close()
        assert wire.Lines(ours).read() == []
