"""Points in time as NEPI writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from nepishell.core.errors import BadValue
from nepishell.core.timestamps import parse_stamp, seconds_until, tsformat

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def test_a_stamp_is_twenty_digits() -> None:
    assert tsformat(datetime(2026, 1, 2, 3, 4, 5, 678)) == "20260102030405000678"


def test_a_stamp_reads_back_as_the_same_moment() -> None:
    local = NOON.astimezone()

    assert parse_stamp(tsformat(local)) == NOON


def test_the_stamp_of_now_is_local_and_between_two_looks_at_the_clock() -> None:
    before = datetime.now().astimezone()
    stamp = parse_stamp(tsformat())
    after = datetime.now().astimezone()

    assert before <= stamp <= after


@pytest.mark.parametrize(
    "text", ["20260131120000000000", "2026-01-31T12:00:00", "2026-01-31 12:00"]
)
def test_a_parsed_stamp_is_aware(text: str) -> None:
    assert parse_stamp(text) == datetime(2026, 1, 31, 12, 0).astimezone()
    assert parse_stamp(text).utcoffset() is not None


@pytest.mark.parametrize("text", ["2026013112000000000", "99999999999999999999", "tomorrow", ""])
def test_refuses_what_is_no_stamp(text: str) -> None:
    with pytest.raises(BadValue, match="is not a time; write a delay as in 5s, or a date"):
        parse_stamp(text)


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        (None, 0.0),
        ("0s", 0.0),
        ("5s", 5.0),
        ("2m30s", 150.0),
        (1.5, 1.5),
        (NOON + timedelta(seconds=7), 7.0),
        (NOON - timedelta(seconds=7), 0.0),
        ((NOON + timedelta(hours=1)).isoformat(), 3600.0),
        (tsformat((NOON + timedelta(minutes=1)).astimezone()), 60.0),
        (tsformat((NOON - timedelta(minutes=1)).astimezone()), 0.0),
    ],
)
def test_knows_how_long_until(date: str | float | datetime | None, seconds: float) -> None:
    assert seconds_until(date, NOON) == seconds


@pytest.mark.parametrize("date", ["1x5s", "soon", "-5s", -1, "2026-13-01", "5"])
def test_refuses_what_is_neither_a_delay_nor_a_date(date: str | float) -> None:
    with pytest.raises(BadValue):
        seconds_until(date, NOON)


@pytest.mark.parametrize("date", [b"5s", ["5s"], object()])
def test_refuses_what_is_not_even_text(date: object) -> None:
    with pytest.raises(BadValue):
        seconds_until(date, NOON)  # type: ignore[arg-type]
