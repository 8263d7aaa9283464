"""Frames are found however the bytes are cut."""

import pytest

from nepishell.hosts.ssh.frames import Frame, Reader

STREAM = b"Welcome!\nTOK R 1:2\n/homeTOK M\n/tmpTOK Z\nTOK N 4 0\nTOK O 5 3\nout\0\nTOK M\nTOK Z\n"
FRAMES = [
    Frame("R", ["1:2"], [b"/home", b"/tmp"]),
    Frame("N", ["4", "0"], []),
    Frame("O", ["5", "3"], [b"out\0\n", b""]),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_pieces_of_any_size_make_the_same_frames(size: int) -> None:
    reader = Reader("TOK", 1000)
    pieces = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
    assert [frame for piece in pieces for frame in reader.feed(piece)] == FRAMES


def test_what_is_too_long_is_cut_one_byte_beyond() -> None:
    reader = Reader("TOK", 4)
    frames = list(reader.feed(b"TOK F 1\n0123456789TOK Z\nTOK N 2 0\n"))
    assert frames == [Frame("F", ["1"], [b"01234"]), Frame("N", ["2", "0"], [])]
