"""Fitting columns into a width."""

import pytest

from nepishell.output.table import cut, fit, width


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


@pytest.mark.parametrize(
    ("text", "most", "left"),
    [("hello", 5, "hello"), ("hello!", 5, "hell…"), ("日本語", 5, "日本…"), ("abc", 0, "")],
)
def test_a_cut_text_ends_in_an_ellipsis(text: str, most: int, left: str) -> None:
    assert cut(text, most) == left
    assert width(left) <= max(most, 0)
