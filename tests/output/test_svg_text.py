"""Pictures for files."""

import pytest

from nepishell.core.errors import BadValue
from nepishell.output.records import Drawing, Message, Records
from nepishell.output.render import render
from nepishell.output.svg_text import form_of

PICTURE = Drawing(Records(["a"], [(1,)]), lambda style: "text", lambda: "<svg/>")


def test_a_drawing_is_text_a_picture_and_facts() -> None:
    assert render(PICTURE) == "text"
    assert render(PICTURE, "svg") == "<svg/>"
    assert render(PICTURE, "json") == '[{"a": 1}]'
    assert render(PICTURE, "csv") == "a\n1"


@pytest.mark.parametrize("result", [Message("hello"), Drawing(Records([], []), lambda style: "")])
def test_what_is_no_picture_says_so(result: Message | Drawing) -> None:
    with pytest.raises(BadValue, match="there is no picture of this"):
        render(result, "svg")


@pytest.mark.parametrize(
    ("name", "form"),
    [("x.svg", "svg"), ("x.SVG", "svg"), ("x", ""), ("x.txt", ""), (".svg", "svg")],
)
def test_the_ending_of_a_file_asks_for_a_picture(name: str, form: str) -> None:
    assert form_of(name, PICTURE) == form


def test_other_pictures_say_how_to_convert() -> None:
    with pytest.raises(BadValue, match=r"write run\.svg and convert it: rsvg-convert -o run\.png"):
        form_of("run.png", PICTURE)
    assert form_of("run.png", Message("what a file is called is its own affair")) == ""
