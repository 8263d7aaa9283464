"""Records as JSON."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.states import ResourceState
from nepishell.output.records import Message, Record, Records
from nepishell.output.render import render

LIST = Records(
    ["guid", "label", "state", "rtt:duration", "loss:percent"],
    [
        (1, "web", ResourceState.STARTED, 0.03, 5.0),
        (12, None, ResourceState.FAILED, None, 0.0),
    ],
)


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


@given(st.lists(st.tuples(st.text(), st.integers()), max_size=5))
def test_json_is_read_back_as_it_was(rows: list[tuple[str, int]]) -> None:
    text = render(Records(["a:text", "b:int"], rows), "json")

    assert json.loads(text) == [{"a": a, "b": b} for a, b in rows]
    assert "\n" not in text
