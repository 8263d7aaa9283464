"""What the words of recipes stand for."""

import pytest

from nepishell.replay.blocks import depth_of, loop_of, place_name, verb_of
from nepishell.replay.reader import Statement, read_statements
from nepishell.replay.recipe import RecipeError


def statement(text: str) -> Statement:
    (found,) = read_statements([text], "a.nepi")
    return found


def values(text: str) -> list[str]:
    return loop_of(statement(text), {"list": "1ms,5ms"}, lambda text: [f"<{text}>"]).values


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("for x in a,b", ["a", "b"]),
        ("for x in a b # two", ["a", "b"]),
        ("for x in web[1-3],db", ["web1", "web2", "web3", "db"]),
        ("for x in 8-11", ["8", "9", "10", "11"]),
        ("for x in 'a b',c", ["a b", "c"]),
        ("for x in ${list}", ["1ms", "5ms"]),
        ("for x in h*,@FAILED", ["<h*>", "<@FAILED>"]),
    ],
)
def test_values_are_names_numbers_lists_and_sets(text: str, found: list[str]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("for", 1, "write it as in"),
        ("for x", 1, "write it as in"),
        ("for x on a", 1, "write it as in"),
        ("for x in", 1, "no values"),
        ("for x in a,,b", 10, "a value is missing"),
        ("for x in web[3-1]", 10, "'3-1' is empty"),
        ("for x in web[", 10, "not a set of names"),
        ("for 1 in a", 5, "is not a name for what changes"),
        ("for x in ${lits}", 10, "no parameter 'lits'; did you mean 'list'"),
        ("for x in a | json", 12, "'|' does not belong behind 'for'"),
        ("for x in [1-999999]", 10, "stands for more than"),
    ],
)
def test_what_makes_no_loop_is_told_with_its_place(text: str, column: int, message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        values(text)
    assert str(caught.value).startswith(f"a.nepi:1:{column}: ")
    assert message in caught.value.what


@pytest.mark.parametrize(
    ("text", "verb"),
    [("for x in a", "for"), ("end", "end"), ("on-fail # x", "on-fail"), ("include a", "include"),
     ("forget x", ""), ("ends", ""), ("'for' x", ""), ("format", ""), ("list", "")],
)  # fmt: skip
def test_a_word_is_ours_when_it_is_the_whole_verb(text: str, verb: str) -> None:
    assert verb_of(statement(text)) == verb


def test_a_place_has_a_name_and_a_colon() -> None:
    assert place_name(statement("label here: # comment")) == "here"
    assert place_name(statement("label web db")) == ""
    assert place_name(statement("list")) == ""


@pytest.mark.parametrize(
    ("text", "depth"),
    [("for x in a", 1), ("for x in a; for y in b; end", 1), ("on-fail; say x; end", 0), ("end", 0)],
)
def test_blocks_are_open_until_their_end(text: str, depth: int) -> None:
    assert depth_of(list(read_statements([text], "a"))) == depth
