"""Numbers over time as text."""

import pytest

from nepishell.output.chart import HIGH, MOST_EVENTS, Series, draw, steps
from nepishell.output.style import Style

WAVE = [(n / 10, float(n % 7)) for n in range(200)]


def series(points: list[tuple[float, float]], **facts: object) -> Series:
    return Series(name="a.b", points=points, show=lambda value: f"{value:g}ms", **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("glyphs", [True, False])
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_chart_fits_the_terminal(glyphs: bool, width: int) -> None:
    found = series(WAVE, lines=[("median", 3.0), ("p95", 6.0)], events=[(5.0, "x" * 300)])
    lines = draw(found, Style(glyphs=glyphs, width=width)).splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) >= HIGH


def test_the_highest_number_is_above_the_lowest() -> None:
    rows = draw(series([(0.0, 1.0), (1.0, 9.0)]), Style(width=40)).splitlines()[1 : HIGH + 1]
    (low,) = [n for n, row in enumerate(rows) if "*" in row.split("|")[1][:3]]
    (high,) = [n for n, row in enumerate(rows) if row.endswith("*") and len(row) > 30]
    assert high < low


def test_braille_joins_what_follows_each_other() -> None:
    text = draw(series([(0.0, 0.0), (1.0, 10.0)]), Style(glyphs=True, width=40))
    drawn = [row for row in text.splitlines() if any("\u2800" < char < "\u28ff" for char in row)]
    assert len(drawn) >= HIGH - 3


def test_percentiles_are_lines_with_names() -> None:
    text = draw(series(WAVE, lines=[("p95", 6.0)]), Style(width=60))
    assert [line.endswith(" p95") for line in text.splitlines()].count(True) == 1
    assert "p95 6ms" in text.splitlines()[0]


def test_what_happened_is_a_letter_on_the_axis_and_a_line_below() -> None:
    found = series(WAVE, events=[(-5.0, "before"), (5.0, "set a"), (5.0, "set b"), (99.0, "after")])
    lines = draw(found, Style(width=60)).splitlines()
    assert lines[-2:] == ["a  5.000s  set a", "b  5.000s  set b"]
    assert "ab" in lines[-4]
    assert "before" not in "\n".join(lines)


def test_of_very_many_events_the_first_are_told() -> None:
    found = series(WAVE, events=[(1.0, f"set {n}") for n in range(50)])
    assert draw(found, Style(width=60)).endswith(f"and {50 - MOST_EVENTS} events more")


def test_one_number_and_numbers_that_are_all_the_same_are_drawn() -> None:
    for points in ([(3.0, 0.0)], [(0.0, 5.0), (9.0, 5.0)], [(1.0, -2.0)]):
        assert "*" in draw(series(points), Style(width=40))


def test_numbers_without_times_are_counted() -> None:
    lines = draw(series([(n, n) for n in range(1, 9)], by="row"), Style(width=50)).splitlines()
    assert "2" in lines[-1].split()
    assert "s" not in lines[-1]


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [(0.0, 10.0, [0, 2, 4, 6, 8, 10]), (-1.0, 1.0, [-1, -0.5, 0, 0.5, 1]), (0.11, 0.12, None)],
)
def test_steps_are_round(low: float, high: float, wanted: list[float] | None) -> None:
    found = steps(low, high, 5)
    assert 2 <= len(found) <= 6
    assert wanted is None or found == pytest.approx(wanted)
