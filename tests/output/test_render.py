"""What holds for every format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import UnknownName
from nepishell.core.states import ResourceState
from nepishell.output.records import Records
from nepishell.output.render import FORMATS, render

LIST = Records(
    ["guid", "label", "state", "rtt:duration", "loss:percent"],
    [
        (1, "web", ResourceState.STARTED, 0.03, 5.0),
        (12, None, ResourceState.FAILED, None, 0.0),
    ],
)


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5), st.sampled_from(sorted(FORMATS)))
def test_no_text_of_others_reaches_the_terminal_as_an_order(
    rows: list[tuple[str, str]], form: str
) -> None:
    text = render(Records(["a", "b"], rows), form)

    assert not [char for char in text if (ord(char) < 32 or 0x7F <= ord(char) < 0xA0) and
                char not in "\n\t"]  # fmt: skip


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(UnknownName, match=r"^no format 'jsn'.*did you mean 'json'"):
        render(LIST, "jsn")
