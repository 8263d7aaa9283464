"""Quantities and bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import BadValue
from nepishell.lang.quantities import (
    Bound,
    format_quantity,
    may_begin_quantity,
    parse_bound,
    parse_quantity,
)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("3", 3.0, "number"),
        ("-1.5e3", -1500.0, "number"),
        ("35ms", 0.035, "duration"),
        ("2m30s", 150.0, "duration"),
        ("5%", 5.0, "percent"),
        ("10mbit", 1e7, "rate"),
        ("64kB", 64000.0, "size"),
        ("1MiB", 1048576.0, "size"),
    ],
)
def test_the_unit_tells_the_kind(text: str, value: float, kind: str) -> None:
    assert parse_quantity(text) == (value, kind)
    assert parse_quantity(format_quantity(value, kind)) == (value, kind)
    assert all(may_begin_quantity(text[:end]) for end in range(len(text)))


@pytest.mark.parametrize("text", ["9" * 302 + "GB", "9" * 400 + "s", "9" * 305 + "gbit"])
def test_what_no_number_can_hold_is_an_error_too(text: str) -> None:
    with pytest.raises(BadValue):
        parse_quantity(text)


@pytest.mark.parametrize("text", ["", "x", "5 parsecs", "--3", "1..2", "inf", "nan", "5%%"])
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(BadValue):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "bound", "written"),
    [
        ("35ms..60ms", Bound(0.035, 0.06, "duration"), "35ms..60ms"),
        (">= 3", Bound(3.0, None), ">=3"),
        (">3", Bound(3.0, None, low_open=True), ">3"),
        ("< 5%", Bound(None, 5.0, "percent", high_open=True), "<5%"),
        ("<=1kB", Bound(None, 1000.0, "size"), "<=1kB"),
        ("7", Bound(7.0, 7.0), "7"),
        ("=7", Bound(7.0, 7.0), "7"),
    ],
)
def test_a_bound_is_read_and_written(text: str, bound: Bound, written: str) -> None:
    assert parse_bound(text) == bound
    assert str(bound) == written


@pytest.mark.parametrize("text", ["60ms..35ms", "1..2ms", "..3", "3..", ">", "<x", "5s..5%"])
def test_a_bound_that_makes_no_sense_is_an_error(text: str) -> None:
    with pytest.raises(BadValue):
        parse_bound(text)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("35ms..60ms", [0.035, 0.05, 0.06], [0.0349, 0.061]),
        (">3", [3.1], [3, 2]),
        (">=3", [3], [2.9]),
        ("<3", [2.9], [3]),
        ("<=3", [3], [3.1]),
        ("3", [3], [3.1, 2.9]),
    ],
)
def test_a_bound_holds_for_what_lies_inside(
    text: str, inside: list[float], outside: list[float]
) -> None:
    bound = parse_bound(text)

    assert all(bound.holds(value) for value in inside)
    assert not any(bound.holds(value) for value in outside)


@given(st.just(0.0) | st.floats(1e-3, 1e12), st.sampled_from(["number", "duration", "rate"]))
def test_a_bound_that_is_written_is_read_as_the_same(value: float, kind: str) -> None:
    text = format_quantity(value, kind)
    low = parse_quantity(text)[0]

    assert parse_bound(str(Bound(low, None, kind))) == Bound(low, None, kind)
