"""What a stream can show."""

import io

import pytest

from nepishell.output.style import PLAIN, style_for


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_file_gets_plain_text() -> None:
    assert style_for(io.StringIO(), {"TERM": "xterm"}) == PLAIN


@pytest.mark.parametrize(
    ("environ", "colour", "glyphs"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, False, False),
        ({}, False, False),
    ],
)
def test_a_terminal_gets_what_it_can_show(
    environ: dict[str, str], colour: bool, glyphs: bool
) -> None:
    style = style_for(Terminal(), environ)

    assert (style.colour, style.glyphs) == (colour, glyphs)
    assert style.width


def test_plain_is_plain_even_on_a_terminal() -> None:
    assert style_for(Terminal(), {"TERM": "xterm"}, plain=True) == PLAIN
