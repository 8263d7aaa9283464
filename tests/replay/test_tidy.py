"""Recipes in one spelling: the same commands, and nothing to change the second time."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nepishell.core.errors import NepishellError
from nepishell.lang.lexer import Kind, tokenize
from nepishell.replay.reader import read_statements
from nepishell.replay.recipe import Recipe, RecipeError
from nepishell.replay.tidy import tidy

SHIPPED = sorted((Path(__file__).parents[2] / "recipes").rglob("*.nepi"))


def tidied(text: str) -> str:
    return tidy(Recipe("a.nepi", text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ""),
        ("\n\n", ""),
        ("list", "list\n"),
        ("  set   wire\tdelay  5ms  \n", "set wire delay 5ms\n"),
        ("list;status ;; quit", "list; status;; quit\n"),
        ("list|head 5 >f", "list | head 5 > f\n"),
        ("exec h1 true&", "exec h1 true&\n"),
        ("list # all", "list  # all\n"),
        ("#  two  blanks  \n", "#  two  blanks\n"),
        ("list\n\n\n# a\nlist\r\n", "list\n\n\n# a\nlist\n"),
        ("say   'a   b'", "say 'a   b'\n"),
        ("say  'a\n  b'   c", "say  'a\n  b'   c\n"),
        ("connect  a \\\n b\\\n  c", "connect a \\\n    b \\\n    c\n"),
        ("set a  \\\n\t  delay 5ms \\\n  # why", "set a \\\n    delay 5ms \\\n    # why\n"),
        ("say a\\ \nlist", "say a\\ \nlist\n"),
        ("for x in 1-3\nsay ${x}\nend\nlist", "for x in 1-3\n    say ${x}\nend\nlist\n"),
        (
            "for x in 1-2\nfor y in 1-2\nsay x\n# c\nend\nend",
            "for x in 1-2\n    for y in 1-2\n        say x\n        # c\n    end\nend\n",
        ),
        ("on-fail\n  list\nend", "on-fail\n    list\nend\n"),
        ("for x in 1; say x; end\nlist", "for x in 1; say x; end\nlist\n"),
        ("end\n list", "end\nlist\n"),
        ("param  x a||", "param x a||\n"),
        ("param  x a|b  | head 5", "param x a|b | head 5\n"),
    ],
)
def test_each_text_has_one_spelling(text: str, wanted: str) -> None:
    assert tidied(text) == wanted
    assert tidied(wanted) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("param rate  4mbit\nparam long  200\n", "param rate 4mbit\nparam long 200\n"),
        ("param rate  4mbit\nparam short 200\n", "param rate  4mbit\nparam short 200\n"),
        ("param rate     4mbit\nparam short    200\n", "param rate  4mbit\nparam short 200\n"),
        ("param rate  4mbit\n\nparam short 200\n", "param rate 4mbit\n\nparam short 200\n"),
        ("list      # one\nstatus    # two\n", "list    # one\nstatus  # two\n"),
        ("say a\nparam  x\n", "say a\nparam x\n"),
    ],
)
def test_what_was_aligned_stays_aligned_and_no_further_right_than_needed(
    text: str, wanted: str
) -> None:
    assert tidied(text) == wanted
    assert tidied(wanted) == wanted


def test_lines_of_different_depth_are_not_aligned() -> None:
    text = "for  x in 1\nsay  x\nend\n"
    assert tidied(text) == "for x in 1\n    say x\nend\n"


def test_a_quote_that_is_never_closed_is_told_with_its_place() -> None:
    with pytest.raises(RecipeError, match=r"a\.nepi:2:5: the quote ' is never closed") as told:
        tidied("list\nsay 'a\n")
    assert told.value.place is not None
    assert "^" in told.value.caret


def meant(text: str) -> list[list[tuple[str, Kind]]]:
    statements = read_statements(text.splitlines(), "a")
    return [[(each.text, each.kind) for each in tokenize(one.text)] for one in statements]


def comments(text: str) -> list[str]:
    return [each.text.rstrip() for line in text.splitlines() for each in tokenize(line)
            if each.kind is Kind.COMMENT]  # fmt: skip


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_recipe_keeps_its_commands_its_comments_and_its_lines(path: Path) -> None:
    text = path.read_text()
    again = tidied(text)
    assert meant(again) == meant(text)
    assert comments(again) == comments(text)
    assert len(again.splitlines()) == len(text.splitlines())


PIECES = st.sampled_from(
    [" ", "  ", "   ", "\t", "\n", "\n\n", ";", "|", ">", ">>", "&", "#", " # c", "\\", "\\\n", "'",
     '"', "a", "add", "for x in 1", "on-fail", "end", "param", "'a b'", '"a\nb"', "x=1", "a#b",
     "${x}", ">=", "\\ ", "\\\\", "é", "\x0b", "\u2028", "longer-word"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_tidying_changes_no_meaning_and_is_done_once(text: str) -> None:
    try:
        again = tidied(text)
    except NepishellError:
        return
    assert meant(again) == meant(text)
    assert tidied(again) == again
