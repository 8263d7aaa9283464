"""Records as table, JSON and CSV."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import UnknownName
from nepishell.core.states import ResourceState
from nepishell.output.records import Message, Record, Records
from nepishell.output.render import FORMATS, render
from nepishell.output.style import Style

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

    for width in range(12, 140):
        assert max(map(len, render(records, style=Style(width=width)).splitlines())) <= width


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


def test_json_of_a_listing_is_one_array_in_base_units() -> None:
    assert render(LIST, "json") == (
        '[{"guid": 1, "label": "web", "state": "STARTED", "rtt": 0.03, "loss": 5.0}, '
        '{"guid": 12, "label": null, "state": "FAILED", "rtt": null, "loss": 0.0}]'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "null"),
        (float("inf"), "null"),
        ((1, 2), "[1, 2]"),
        ({"a": ResourceState.NEW}, '{"a": "NEW"}'),
        (datetime(2026, 1, 31, 12, tzinfo=UTC), '"2026-01-31T12:00:00+00:00"'),
        ("é\x1b[31m\x9b", '"é\\u001b[31m\\u009b"'),
    ],
)
def test_json_of_one_record_is_one_object(value: object, text: str) -> None:
    assert render(Record({"x": value}), "json") == '{"x": ' + text + "}"


def test_json_of_a_sentence_is_an_object_too() -> None:
    assert render(Message("done\nall"), "json") == '{"message": "done\\nall"}'


def test_csv_quotes_what_needs_it() -> None:
    records = Records(["a", "b"], [("x,y", ResourceState.NEW), ('"', None)])

    assert render(records, "csv") == 'a,b\n"x,y",NEW\n"""",'


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5), st.sampled_from(sorted(FORMATS)))
def test_no_text_of_others_reaches_the_terminal_as_an_order(
    rows: list[tuple[str, str]], form: str
) -> None:
    text = render(Records(["a", "b"], rows), form)

    assert not [char for char in text if (ord(char) < 32 or 0x7F <= ord(char) < 0xA0) and
                char not in "\n\t"]  # fmt: skip


@given(st.lists(st.tuples(st.text(), st.integers()), max_size=5))
def test_json_is_read_back_as_it_was(rows: list[tuple[str, int]]) -> None:
    text = render(Records(["a:text", "b:int"], rows), "json")

    assert json.loads(text) == [{"a": a, "b": b} for a, b in rows]
    assert "\n" not in text


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(UnknownName, match=r"^no format 'jsn'.*did you mean 'json'"):
        render(LIST, "jsn")
