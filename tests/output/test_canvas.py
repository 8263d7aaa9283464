"""A sheet of characters."""

from nepishell.output.canvas import Canvas
from nepishell.output.style import Style


def cross(*, glyphs: bool) -> Canvas:
    canvas = Canvas(glyphs=glyphs)
    canvas.box(0, 0, 5, 3)
    canvas.across(1, 4, 7)
    canvas.down(6, 0, 2)
    return canvas


def test_lines_join_where_they_meet() -> None:
    assert cross(glyphs=True).draw(Style()) == "┌───┐ │\n│   ├─┼─\n└───┘ │"


def test_without_glyphs_three_characters_do() -> None:
    assert cross(glyphs=False).draw(Style()) == "+---+ |\n|   +-+-\n+---+ |"


def test_text_stands_over_lines_and_wide_letters_take_two_cells() -> None:
    canvas = Canvas(glyphs=True)
    canvas.across(0, 0, 7)
    canvas.text(0, 2, "表a")
    assert canvas.draw(Style()) == "──表a───"
    assert canvas.width == 8


def test_runs_of_one_kind_are_painted_together() -> None:
    canvas = Canvas(glyphs=True)
    canvas.text(0, 0, "ab", "STARTED")
    canvas.text(0, 2, "cd")
    assert canvas.draw(Style(colour=True)) == "\x1b[32mab\x1b[0mcd"


def test_an_empty_sheet_is_empty() -> None:
    assert (Canvas(glyphs=True).draw(Style()), Canvas(glyphs=True).width) == ("", 0)
