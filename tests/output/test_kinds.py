"""Values for people."""

from datetime import UTC, datetime

import pytest

from nepishell.core.states import ResourceAction, ResourceState
from nepishell.output.kinds import KINDS, clean, kind_of, written


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "duration", ""),
        (0.25, "duration", "250ms"),
        (1e7, "rate", "10mbit"),
        (64000, "size", "64kB"),
        (5.0, "percent", "5%"),
        (0.1 + 0.2, "number", "0.3"),
        (True, "bool", "true"),
        (4, "state", "STARTED"),
        (ResourceState.NEW, "state", "NEW"),
        (ResourceAction.DEPLOY, "text", "DEPLOY"),
        (["a", 1, None], "text", "a,1,"),
        ((0.1, 0.2), "duration", "100ms,200ms"),
        (datetime(2026, 1, 31, 12, 0, 5, tzinfo=UTC), "time", "2026-01-31 12:00:05"),
        ("n/a", "duration", "n/a"),
        (b"x", "duration", "b'x'"),
        (99, "state", "99"),
    ],
)
def test_a_value_is_written_by_its_kind(value: object, kind: str, text: str) -> None:
    assert written(value, kind) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202eevil", "\\u202eevil"),
        ("héllo 日本", "héllo 日本"),
    ],
)
def test_control_characters_are_shown_and_not_obeyed(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_lines_may_be_kept() -> None:
    assert clean("a\n\tb\x1b", lines=True) == "a\n\tb\\x1b"


def test_the_kind_of_a_value_is_one_of_the_table() -> None:
    values = (1, 1.5, True, "x", ResourceState.NEW, datetime.now(tz=UTC), [1], None)

    assert [kind_of(value) for value in values] == [
        "int", "number", "bool", "text", "state", "time", "text", "text"
    ]  # fmt: skip
    assert all(kind_of(value) in KINDS for value in values)
