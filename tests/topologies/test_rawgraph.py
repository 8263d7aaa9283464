"""What files say."""

from nepishell.topologies.rawgraph import (
    BadGraph,
    RawGraph,
    lines_of,
    number_or_text,
    shown,
    text_of,
)


def test_a_number_is_one_key_however_it_is_written() -> None:
    assert text_of(3.0) == text_of(3) == text_of("3")


def test_only_finite_numbers_are_numbers() -> None:
    assert [number_or_text(text) for text in ("3", "2.5", "nan", "inf", "1e999", "x")] == [
        3, 2.5, "nan", "inf", "1e999", "x",
    ]  # fmt: skip


def test_what_is_shown_of_a_file_is_short_and_one_line() -> None:
    assert shown("a\n b\x1b[0m") == "a b?[0m"
    assert len(shown("x" * 1000)) == 30


def test_only_line_ends_of_files_end_lines() -> None:
    assert list(lines_of("a\r\nb\x0bc\rd")) == [(1, "a"), (2, "b\x0bc"), (3, "d")]


def test_an_error_names_its_line() -> None:
    assert str(BadGraph(7, "no")) == "line 7: no"
    assert str(BadGraph(0, "no")) == "no"


def test_a_node_is_made_once() -> None:
    graph = RawGraph()
    assert graph.node("a") is graph.node("a")
