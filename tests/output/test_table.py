"""Tables that fit."""

import pytest

from nepishell.core.states import ResourceState
from nepishell.output.records import Message, Record, Records
from nepishell.output.render import render
from nepishell.output.style import Style
from nepishell.output.table import fit

LIST = Records(
    ["guid", "label", "state", "rtt:duration", "loss:percent"],
    [
        (1, "web", ResourceState.STARTED, 0.03, 5.0),
        (12, None, ResourceState.FAILED, None, 0.0),
    ],
)


def test_a_table_aligns_numbers_right_and_writes_units() -> None:
    assert render(LIST).splitlines() == [
        "guid  label  state     rtt  loss",
        "   1  web    STARTED  30ms    5%",
        "  12         FAILED           0%",
    ]


def test_a_state_has_a_glyph_and_a_colour_where_the_style_allows() -> None:
    text = render(Records(["state"], [(ResourceState.FAILED,)]), style=Style(True, True))

    assert "\x1b[1;31m✗ FAILED\x1b[0m" in text


def test_a_table_is_never_wider_than_the_terminal() -> None:
    records = Records(["name", "text"], [("a" * 30, "b" * 100), ("c", "d")])

    for room in range(12, 140):
        assert max(map(len, render(records, style=Style(width=room)).splitlines())) <= room


def test_the_widest_column_gives_way_first() -> None:
    records = Records(["name", "text"], [("alpha", "b" * 100)])

    assert render(records, style=Style(glyphs=True, width=20)).splitlines() == [
        "name   text",
        "alpha  bbbbbbbbbbbb…",
    ]


def test_an_empty_listing_says_so() -> None:
    assert render(Records(["guid"], [], title="resources")) == "no resources"


def test_one_record_is_shown_line_by_line() -> None:
    record = Record({"guid": 3, "delay": 0.01}, {"delay": "duration"})

    assert render(record) == "guid   3\ndelay  10ms"


@pytest.mark.parametrize(
    ("widths", "room", "fitted"),
    [
        ([5, 5], 20, [5, 5]),
        ([5, 50], 25, [5, 20]),
        ([30, 50], 40, [20, 20]),
        ([5, 30, 50], 35, [5, 15, 15]),
        ([3, 3], 2, [3, 3]),
        ([10, 10], 4, [4, 4]),
    ],
)
def test_the_widest_columns_are_cut_first(widths: list[int], room: int, fitted: list[int]) -> None:
    assert fit(widths, room) == fitted


def test_where_it_is_narrow_columns_without_values_give_way_first() -> None:
    records = Records(["name", "reason", "text"], [("alpha", "", "b" * 30)])

    assert render(records, style=Style(width=20)).splitlines()[0].split() == ["name", "text"]
    assert "reason" in render(records, style=Style(width=60))


def test_columns_without_any_room_are_named_below() -> None:
    records = Records(["one", "two", "three", "four"], [("a" * 9, "b" * 9, "c" * 9, "d" * 9)])

    assert render(records, style=Style(width=16)).splitlines() == [
        "one   two   thr~",
        "aaa~  bbb~  ccc~",
        "too narrow to s~",
    ]


def test_of_a_listing_of_nothing_known_a_column_is_left() -> None:
    records = Records(["a-long-name", "another"], [(None, None)])

    assert render(records, style=Style(width=8)) == "a-long-~"


def test_prose_goes_on_below_its_own_beginning() -> None:
    message = Message("short\n  --flag  a long explanation of what it does", prose=True)

    assert render(message, style=Style(width=24)).splitlines() == [
        "short", "  --flag  a long", "    explanation of what", "    it does",
    ]  # fmt: skip
    assert render(message).count("\n") == 1


def test_what_programs_wrote_is_never_wrapped() -> None:
    assert render(Message("word " * 20), style=Style(width=20)).count("\n") == 0


def test_wide_characters_count_as_two() -> None:
    records = Records(["name", "n"], [("東京のホスト", 1), ("abc", 2)])

    assert render(records, style=Style(glyphs=True, width=10)).splitlines() == [
        "name     n", "東京の…  1", "abc      2",
    ]  # fmt: skip
