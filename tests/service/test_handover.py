"""The pipes between a controller that lets go and the one that takes over."""

import os

import pytest

from nepishell.core.errors import NepishellError
from nepishell.service.handover import await_end, telling


def test_it_begins_when_the_other_has_let_go() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    await_end(reading)
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(reading)
    await_end(-1)


def test_what_is_found_and_what_is_wrong_is_told() -> None:
    reading, writing = os.pipe()
    with pytest.raises(NepishellError), telling(writing) as tell:  # noqa: PT012
        tell("found")
        raise NepishellError("lost")
    assert os.read(reading, 100) == b"found\nnepishell: lost\n"
    for fd in (reading, writing):
        os.close(fd)
    with telling(-1) as tell:
        tell("nobody listens")
