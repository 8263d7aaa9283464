"""Pictures for files."""

import pytest

from nepishell.core.errors import BadValue
from nepishell.output.records import Drawing, Message, Records
from nepishell.output.render import render

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
