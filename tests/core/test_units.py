"""Quantities as people write them: every format is read back as the same number."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import BadValue
from nepishell.core.units import (
    format_duration,
    format_percent,
    format_rate,
    format_size,
    parse_duration,
    parse_percent,
    parse_rate,
    parse_size,
)

NANOSECONDS_OF_A_YEAR = 365 * 86_400 * 10**9


@given(st.integers(0, NANOSECONDS_OF_A_YEAR))
def test_a_duration_reads_back_to_the_nanosecond(nanoseconds: int) -> None:
    seconds = nanoseconds / 1e9

    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, rel=1e-15, abs=1e-10)


@given(st.integers(0, 10**7), st.sampled_from(["h", "m", "s", "ms", "us", "ns"]))
def test_what_a_person_wrote_as_a_duration_reads_back_exactly(number: int, unit: str) -> None:
    seconds = parse_duration(f"{number}{unit}")

    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, rel=1e-15)


@given(st.integers(0, 10**15))
def test_a_rate_reads_back_exactly(rate: int) -> None:
    assert parse_rate(format_rate(float(rate))) == rate


@given(st.integers(0, 2**50))
def test_a_size_reads_back_exactly(size: int) -> None:
    text = format_size(size)

    assert parse_size(text) == size


@given(st.integers(0, 10**11))
def test_a_percentage_reads_back_exactly(billionths: int) -> None:
    assert parse_percent(format_percent(billionths / 1e9)) == billionths / 1e9


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("250ms", 0.25),
        ("1.5s", 1.5),
        ("2m", 120.0),
        ("2m30s", 150.0),
        ("1h2m3s4ms", 3723.004),
        ("1h", 3600.0),
        ("10us", 1e-5),
        ("10µs", 1e-5),
        ("5ns", 5e-9),
        (" 5s ", 5.0),
        (".5s", 0.5),
        (3, 3.0),
        (0, 0.0),
        (0.25, 0.25),
    ],
)
def test_reads_a_duration(text: str | float, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    ["10 sec", "", "5", "s", "-1s", "1s1s", "1s2m", "1x5s", "inf", "nans", "1e3s", "5s!", "1 s"],
)
def test_refuses_what_is_no_duration_and_says_how_to_write_one(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_duration(text)
    assert str(caught.value) == (
        f"'{text}' is not a duration; write a number and a unit, as in 250ms, 1.5s, 2m"
    )


@pytest.mark.parametrize("number", [-1, -0.5, math.inf, math.nan])
def test_refuses_a_number_that_is_no_duration(number: float) -> None:
    with pytest.raises(BadValue, match="finite and not negative"):
        parse_duration(number)


@pytest.mark.parametrize("flag", [True, False])
def test_a_boolean_is_neither_a_duration_nor_a_rate(flag: bool) -> None:
    with pytest.raises(BadValue):
        parse_duration(flag)
    with pytest.raises(BadValue):
        parse_rate(flag)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.25, "250ms"),
        (1.5, "1.5s"),
        (120, "2m"),
        (90, "1.5m"),
        (3600, "1h"),
        (1e-5, "10us"),
        (5e-9, "5ns"),
        (100, "100s"),
    ],
)
def test_writes_the_shortest_duration(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10mbit", 1e7),
        ("1.5gbit", 1.5e9),
        ("64kbps", 64e3),
        ("500 kbit", 5e5),
        ("10Mbit", 1e7),
        ("9600", 9600.0),
        (9600, 9600.0),
    ],
)
def test_reads_a_rate(text: str | float, rate: float) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["10mb", "fast", "", "-1mbit", "10 m bit", math.inf])
def test_refuses_what_is_no_rate(text: str | float) -> None:
    with pytest.raises(BadValue, match="is not a rate; write a number and a unit"):
        parse_rate(text)


@pytest.mark.parametrize(
    ("rate", "text"),
    [(1e7, "10mbit"), (1.5e9, "1.5gbit"), (64e3, "64kbit"), (999.0, "999bit"), (0.0, "0bit")],
)
def test_writes_the_shortest_rate(rate: float, text: str) -> None:
    assert format_rate(rate) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [("1500", 1500), ("64kB", 64_000), ("1MiB", 2**20), ("1.5 kB", 1500), (7, 7), ("3b", 3)],
)
def test_reads_a_size(text: str | float, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("size", "text"), [(64_000, "64kB"), (2**20, "1MiB"), (1500, "1500B"), (0, "0B")]
)
def test_writes_the_shortest_size(size: int, text: str) -> None:
    assert format_size(size) == text


@pytest.mark.parametrize("text", ["101%", "-1%", "5 percent", 100.1])
def test_refuses_what_is_no_percentage(text: str | float) -> None:
    with pytest.raises(BadValue, match="is not a percentage"):
        parse_percent(text)


@pytest.mark.parametrize(("text", "share"), [("5%", 5.0), ("0.1 %", 0.1), ("100", 100.0), (0, 0.0)])
def test_reads_a_percentage(text: str | float, share: float) -> None:
    assert parse_percent(text) == share
