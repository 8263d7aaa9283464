"""Where a prompt shows."""

import fcntl
import os
import struct
import sys
import termios
from collections.abc import Iterator
from typing import TextIO

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.output.vt100 import Vt100_Output

from nepishell.shell.screen import LentScreen, Screen


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """The near end of a terminal of 30 columns, and its far end as a file."""
    near, far = os.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 7, 30, 0, 0))
    with os.fdopen(far, "r+b", buffering=0) as raw:
        yield near, open(raw.fileno(), "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    os.close(near)


def lent(file: TextIO, environ: dict[str, str]) -> LentScreen:
    return LentScreen(file, file, environ)


def test_ours_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    screen.write_line("hello")
    assert capsys.readouterr().out == "hello\n"
    assert screen.stream is sys.stdout


def test_a_lent_one_has_its_own_size_colours_and_lines(terminal: tuple[int, TextIO]) -> None:
    near, file = terminal
    with create_app_session(output=Vt100_Output.from_pty(file, term="xterm")):
        screen = lent(file, {"TERM": "xterm"})
        with screen.covered():
            screen.write_line("hello")
        assert b"hello" in os.read(near, 1000)
    assert (screen.size().columns, screen.size().lines) == (30, 7)
    assert screen.style("default").colour
    assert screen.style("default").width == 30
    assert not lent(file, {"TERM": "xterm", "NO_COLOR": "1"}).style("default").colour
    assert screen.is_there
    file.close()


def test_what_comes_after_it_was_given_back_is_lost(terminal: tuple[int, TextIO]) -> None:
    _, file = terminal
    with create_app_session(output=Vt100_Output.from_pty(file, term="xterm")):
        screen = lent(file, {})
        file.close()
        screen.write_line("nobody reads this")
