"""Values of lab.toml are of the type they should be, or the place is told."""

import pytest

from nepishell.labs.files import LabError
from nepishell.labs.tables import read_toml


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1", "lab.toml:1:1: 'a' must be a text in quotes"),
        ("b = 1", "lab.toml:1:1: 'a' is missing here: write a = a text in quotes"),
        ("a = ", "lab.toml:1:5: invalid value"),
        ("x = [[[[", "lab.toml:1:"),
        ('\na = "x', "lab.toml:2:7: "),
    ],
)
def test_what_is_no_text_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(LabError) as wrong:
        read_toml(text).text("a")

    assert str(wrong.value).startswith(message)


def test_true_is_no_number() -> None:
    with pytest.raises(LabError, match="'a' must be a number"):
        read_toml("a = true").number("a")


def test_a_plain_value_is_as_people_write_it() -> None:
    table = read_toml('a = true\nb = 1500\nc = "x"')

    assert [table.plain(key) for key in "abc"] == ["true", "1500", "x"]
