"""Durations, instants, rates, sizes, percentages and bounds as arguments."""

import pytest

from nepishell.core.errors import NepishellError
from nepishell.lang.types.base import ArgType
from nepishell.lang.types.quantities import (
    BoundType,
    DurationType,
    Instant,
    InstantType,
    PercentType,
    RateType,
    SizeType,
)
from nepishell.lang.view import StaticView

VIEW = StaticView()


@pytest.mark.parametrize(
    ("kind", "text", "value", "written"),
    [
        (DurationType(), "0.25s", 0.25, "250ms"),
        (RateType(), "1.5mbit", 1.5e6, "1.5mbit"),
        (SizeType(), "1MiB", 1048576, "1MiB"),
        (PercentType(), "5%", 5.0, "5%"),
        (InstantType(), "t+5s", Instant(5.0, absolute=True), "t+5s"),
        (InstantType(), "+1m", Instant(60.0), "1m"),
    ],
)
def test_a_quantity_is_parsed_and_written(
    kind: ArgType, text: str, value: object, written: str
) -> None:
    assert kind.parse(VIEW, {}, text) == value
    assert kind.format(value, VIEW, {}) == written
    assert kind.parse(VIEW, {}, written) == value


@pytest.mark.parametrize(
    ("kind", "begun", "wrong"),
    [
        (DurationType(), ["", "2", "2.", "2m", "2m3", "1h2m3"], ["x", "2q", "5%"]),
        (RateType(), ["1", "1m", "1mb"], ["1q", "x"]),
        (PercentType(), ["", "5", "5."], ["x", "5q"]),
        (InstantType(), ["", "t", "t+", "t+5", "+", "5"], ["u", "t-"]),
        (BoundType(), ["", "3", "35m", "35ms.", "35ms..", "35ms..6", ">", ">=", "> 3"],
         ["x", "..3", "35q..", ">x"]),
    ],
)  # fmt: skip
def test_what_may_become_right_is_told_from_what_cannot(
    kind: ArgType, begun: list[str], wrong: list[str]
) -> None:
    assert [text for text in begun if not kind.partial(VIEW, {}, text)] == []
    assert [text for text in wrong if kind.partial(VIEW, {}, text)] == []


@pytest.mark.parametrize(
    ("kind", "prefix", "offered"),
    [
        (DurationType(), "", []),
        (DurationType(), "25", ["25s", "25ms", "25m"]),
        (DurationType(), "25m", ["25ms", "25m"]),
        (PercentType(), "5", ["5%"]),
        (InstantType(), "t", ["t+"]),
        (InstantType(), "t+5", ["t+5s", "t+5ms", "t+5m"]),
    ],
)
def test_units_are_offered_after_digits(kind: ArgType, prefix: str, offered: list[str]) -> None:
    found = [each.text for each in kind.complete(VIEW, {}, prefix, 9)]

    assert found[: len(offered)] == offered
    assert offered or not found


def test_an_operator_alone_goes_on_in_the_next_word() -> None:
    assert all(BoundType().continues(text) for text in (">", ">=", "<", "<=", "="))
    assert not BoundType().continues(">3")


def test_a_date_is_not_an_instant() -> None:
    with pytest.raises(NepishellError, match="is not a duration"):
        InstantType().parse(VIEW, {}, "2026-01-31")
