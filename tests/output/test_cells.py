"""Text in the cells of a terminal."""

import pytest

from nepishell.core.states import ResourceState
from nepishell.output.cells import cut, for_svg, hung, legend, rejoined, width, wrapped
from nepishell.output.style import Style


@pytest.mark.parametrize(
    ("text", "most", "left"),
    [("hello", 5, "hello"), ("hello!", 5, "hell…"), ("日本語", 5, "日本…"), ("abc", 0, "")],
)
def test_a_cut_text_ends_in_an_ellipsis(text: str, most: int, left: str) -> None:
    assert cut(text, most) == left
    assert width(left) <= max(most, 0)


def test_wide_letters_take_two_cells_and_combining_ones_none() -> None:
    assert (width("表a"), width("e\u0301")) == (3, 1)


def test_a_long_text_is_wrapped_between_words_after_its_indent() -> None:
    assert wrapped("one two three", "  ", Style(width=10)) == "  one two\n  three"
    assert wrapped("one two three", "  ", Style()) == "  one two three"


def test_a_wrapped_text_has_no_power_over_a_terminal() -> None:
    assert wrapped("\x1b[31mred", "", Style(width=40)) == r"\x1b[31mred"


def test_what_svg_would_take_for_a_tag_is_written_out() -> None:
    assert for_svg("<a & b>") == "&lt;a &amp; b&gt;"


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("short", 20, ["short"]),
        ("  <res>   a resource: label or number", 24, [
            "  <res>   a resource:", "          label or", "          number",
        ]),
        ("    an indented line of words", 20, ["    an indented line", "    of words"]),
        ("one two three", 9, ["one two", "three"]),
        ("a\n\n  b", 4, ["a", "", "  b"]),
        ("  a-very-long-name-in-front  of its meaning", 20, [
            "  a-very-long-name-i", "     n-front  of its", "     meaning",
        ]),
    ],
)  # fmt: skip
def test_what_is_too_wide_hangs_below_its_text(text: str, most: int, lines: list[str]) -> None:
    assert hung(text, most).split("\n") == lines


def test_a_legend_takes_the_lines_it_needs() -> None:
    marks = [("+", ResourceState.READY), ("*", ResourceState.STARTED), ("!", ResourceState.FAILED)]

    assert legend(marks, Style(width=20)) == "+ READY  * STARTED\n! FAILED"
    assert legend(marks, Style()) == "+ READY  * STARTED  ! FAILED"
    assert legend(marks, Style(width=4)).count("\n") == 2


def test_a_sentence_that_spans_lines_is_one_line_where_lines_are_too_wide() -> None:
    text = (
        "when <a> <b>\n"
        "    Looked at whenever it is measured. A statistic is one of\n"
        "    the last hundred.\n"
        "\n"
        "    when a b\n"
        "    when c d\n"
        "\n"
        "    <a>  what it\n"
        "    <b>  is"
    )
    assert rejoined(text, 80) == text
    assert rejoined(text, 40).splitlines() == [
        "when <a> <b>",
        "    Looked at whenever it is measured. A statistic is one of the last hundred.",
        "",
        "    when a b",
        "    when c d",
        "",
        "    <a>  what it",
        "    <b>  is",
    ]
