"""Gantt charts: which cell shows which state, where the ticks are, what is folded."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

import pytest

from nepishell.core.states import ResourceState
from nepishell.output.cells import width
from nepishell.output.gantt import Bar, Span, cells_of, draw, reach, svg, tick_step, ticks
from nepishell.output.style import Style

NEW, DISCOVERED, PROVISIONED, READY, STARTED, STOPPED, FAILED, RELEASED = ResourceState


def fold(names: Iterable[str]) -> str:
    return "+".join(names)


WEB = (Span(0, 2, READY), Span(2, 8, STARTED), Span(8, 10, STOPPED))
BARS = [Bar("w1", WEB), Bar("w2", WEB), Bar("bad", (Span(0, 5, READY), Span(5, 10, FAILED)))]


@pytest.mark.parametrize(
    ("seconds", "most", "step"),
    [
        (10, 5, 2), (10, 10, 1), (20, 6, 5), (0.9, 9, 0.1), (1.0, 6, 0.2), (0.004, 4, 0.001),
        (3600, 6, 600), (100_000, 5, 21_600), (7, 1, 10), (1, 1, 1),
    ],
)  # fmt: skip
def test_ticks_stand_at_round_numbers(seconds: float, most: int, step: float) -> None:
    assert tick_step(seconds, most) == pytest.approx(step)


def test_ticks_begin_at_the_first_round_moment() -> None:
    assert ticks(3.5, 13.5, 25) == [(4, "5s"), (16, "10s")]


def test_each_cell_shows_the_state_of_its_time() -> None:
    assert cells_of(WEB, 0, 10, 10) == [READY] * 2 + [STARTED] * 6 + [STOPPED] * 2


def test_a_short_state_is_not_lost_in_a_long_chart() -> None:
    spans = (Span(0, 50, READY), Span(50, 50.1, STARTED), Span(50.1, 100, STOPPED))
    assert STARTED in cells_of(spans, 0, 100, 20)


def test_what_is_passed_through_in_less_than_a_cell_is_left_out() -> None:
    spans = (Span(0, 0.4, DISCOVERED), Span(0.4, 0.5, READY), Span(0.5, 10, STARTED))
    assert cells_of(spans, 0, 10, 10) == [STARTED] * 10


def test_a_failure_is_never_hidden_by_what_lasts_longer() -> None:
    spans = (Span(0, 99, STARTED), Span(99.99, 100, FAILED))
    assert cells_of(spans, 0, 100, 10)[-1] is FAILED


def test_what_lasted_no_time_takes_no_room() -> None:
    spans = (Span(0, 0, DISCOVERED), Span(0, 10, READY))
    assert cells_of(spans, 0, 10, 5) == [READY] * 5


def test_before_its_first_state_there_is_nothing() -> None:
    assert cells_of((Span(5, 10, STARTED),), 0, 10, 4) == [None, None, STARTED, STARTED]


def test_equal_rows_are_one_and_failures_are_marked_without_colour() -> None:
    assert draw(BARS, Style(width=27), fold).splitlines() == [
        "       0s        5s     10s",
        "       +---------+--------+",
        "w1+w2  ----============____",
        "bad    ----------X~~~~~~~~~",
        "- READY  = STARTED",
        "_ STOPPED  X FAILED",
    ]


def test_with_glyphs_each_state_has_its_own() -> None:
    lines = draw(BARS, Style(width=27, glyphs=True), fold).splitlines()
    assert lines[2:4] == ["w1+w2  ────████████████····", "bad    ──────────✗╌╌╌╌╌╌╌╌╌"]


def test_colour_paints_runs_and_changes_nothing_else() -> None:
    plain = draw(BARS, Style(width=60), fold)
    painted = draw(BARS, Style(width=60, colour=True), fold)
    assert "\x1b[32m=" in painted
    stripped = painted
    for code in ("0", "2", "32", "33", "34", "1;31"):
        stripped = stripped.replace(f"\x1b[{code}m", "")
    assert stripped == plain


@pytest.mark.parametrize("room", [30, 61, 80, 200])
def test_the_chart_fits(room: int) -> None:
    bars = [*BARS, Bar("a-very-long-name-of-a-resource-indeed", WEB[:2])]
    lines = draw(bars, Style(width=room), fold).splitlines()
    assert max(width(line) for line in lines[:-1]) <= room


def test_a_moment_has_a_length() -> None:
    assert reach([Bar("a", (Span(1, 1, READY),))]) == (1, 1.001)
    assert reach([]) == (0, 0.001)


def test_the_picture_is_well_formed_whatever_the_names() -> None:
    root = ET.fromstring(svg([*BARS, Bar("<&>", WEB[:1])], fold))
    texts = [element.text for element in root.iter() if element.text]
    assert {"w1+w2", "<&>", "STARTED 2s to 8s"} <= set(texts)


def test_marks_are_numbered_at_their_places_and_told_below() -> None:
    marks = [(0.0, "first"), (5.0, "half"), (5.0, "hidden\x1b[2J")]
    lines = draw(BARS, Style(width=40), fold, marks).splitlines()
    row, bar = lines[-5], lines[2]
    assert row.split() == ["1", "2"]
    assert row.index("1") == len(bar) - len(bar.lstrip("w1+2 "))
    assert lines[-3:-1] == ["1 at 0s: first", "2 at 5s: half"]
    assert lines[-1].startswith("3 at 5s: hidden")
    assert "\x1b" not in lines[-1]


def test_marks_are_lines_in_a_picture() -> None:
    root = ET.fromstring(svg(BARS, fold, [(5.0, "a < b")]))
    titles = [each.text for each in root.iter() if each.tag.endswith("title")]
    assert "5s: a < b" in titles
