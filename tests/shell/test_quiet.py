"""A terminal that does not echo by itself."""

import os
import termios
from collections.abc import Iterator
from typing import TextIO

import pytest
from prompt_toolkit.application.current import get_app_session

from nepishell.shell.quiet import QuietInput, quiet


@pytest.fixture
def pty() -> Iterator[tuple[int, TextIO]]:
    master, slave = os.openpty()
    with os.fdopen(slave) as source:
        yield master, source
    os.close(master)


def echoes(source: TextIO) -> bool:
    return bool(termios.tcgetattr(source.fileno())[3] & termios.ECHO)


def test_a_key_between_two_prompts_is_not_echoed(pty: tuple[int, TextIO]) -> None:
    _, source = pty
    with quiet(source):
        assert not echoes(source)
    assert echoes(source)


def test_it_stays_silent_while_lines_are_written_above_the_prompt(pty: tuple[int, TextIO]) -> None:
    _, source = pty
    with quiet(source):
        keys = get_app_session().input
        assert isinstance(keys, QuietInput)
        with keys.raw_mode(), keys.cooked_mode():
            assert not echoes(source)


def test_what_was_typed_before_the_prompt_reads_is_read_by_it(pty: tuple[int, TextIO]) -> None:
    master, source = pty
    with quiet(source):
        os.write(master, b"ahead")
        keys = get_app_session().input
        with keys.raw_mode():
            assert "".join(key.data for key in keys.read_keys()) == "ahead"


def test_ctrl_d_between_two_prompts_is_a_key_like_others(pty: tuple[int, TextIO]) -> None:
    master, source = pty
    with quiet(source):
        os.write(master, b"\x04")
        keys = get_app_session().input
        with keys.raw_mode():
            assert [key.data for key in keys.read_keys()] == ["\x04"]


def test_a_terminal_that_went_away_is_no_error(pty: tuple[int, TextIO]) -> None:
    master, source = pty
    other = os.dup(master)
    with quiet(source):
        os.close(master)
        os.close(other)
    os.open(os.devnull, os.O_RDONLY)  # the fixture closes the descriptor of this number
