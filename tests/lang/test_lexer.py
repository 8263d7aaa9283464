"""Words, quotes, and where a command ends."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nepishell.lang.errors import LangError
from nepishell.lang.lexer import (
    Kind,
    Lexeme,
    expanded,
    quote,
    quote_always,
    split,
    tokenize,
    unquote,
)


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("", []),
        ("  a  b\t", ["a", "b"]),
        ("'a b' \"c d\" e' 'f", ["a b", "c d", "e f"]),
        (r"'it\'s' 'a\\b' 'a\d'", ["it's", "a\\b", "a\\d"]),
        (r'"a\n\t\"\\\$\x41\d"', ['a\n\t"\\$A\\d']),
        (r"a\ b a\;b a\b", ["a b", "a;b", "a\\b"]),
        ("linux::Node web[1-8] @FAILED %g2 -web3 10.0.0.1/24 h1,h2 a=b",
         ["linux::Node", "web[1-8]", "@FAILED", "%g2", "-web3", "10.0.0.1/24", "h1,h2", "a=b"]),
        ("a#b >=3 a>b ${x} $", ["a#b", ">=3", "a>b", "${x}", "$"]),
        ("''", [""]),
    ],
)  # fmt: skip
def test_a_line_is_read_as_these_words(line: str, values: list[str]) -> None:
    found = tokenize(line)

    assert [lexeme.value for lexeme in found] == values
    assert {lexeme.kind for lexeme in found} <= {Kind.WORD}


def test_marks_end_words_and_keep_their_places() -> None:
    assert tokenize("a;b|c > d # e") == [
        Lexeme("a", "a", 0, 1),
        Lexeme(";", ";", 1, 2, Kind.END),
        Lexeme("b", "b", 2, 3),
        Lexeme("|", "|", 3, 4, Kind.PIPE),
        Lexeme("c", "c", 4, 5),
        Lexeme(">", ">", 6, 7, Kind.REDIRECT),
        Lexeme("d", "d", 8, 9),
        Lexeme("# e", "", 10, 13, Kind.COMMENT),
    ]


@pytest.mark.parametrize("line", ["'a", '"a', "a'b", '"a\\', "'a\\", "'a\\'"])
def test_an_open_quote_is_told(line: str) -> None:
    assert tokenize(line)[-1].open


def test_a_parameter_is_replaced_inside_its_word_and_never_splits_it() -> None:
    found = tokenize('a ${x}1 "${x}" \'${x}\' "\\${x}"', {"x": "b c"})

    assert [lexeme.value for lexeme in found] == ["a", "b c1", "b c", "${x}", "${x}"]
    assert found[1][2:4] == (2, 7)


@pytest.mark.parametrize("line", ["ab ${delya}", 'ab "${delya}"'])
def test_an_unknown_parameter_is_an_error_at_its_place(line: str) -> None:
    with pytest.raises(LangError) as caught:
        tokenize(line, {"delay": "1s"})

    assert str(caught.value) == "no parameter 'delya'; did you mean 'delay'?"
    assert line[caught.value.column :][: caught.value.length] == "${delya}"


def test_split_keeps_the_columns_of_the_line() -> None:
    assert split("a 'b;c' ; # d;e\n f") == ["a 'b;c' ", "          # d;e", " " * 16 + " f"]


TEXT = st.text() | st.text(alphabet="ab '\"\\;|#>$={}\n\t\x00é\u2028", max_size=12)


@given(TEXT)
@example("a=b c")
@example("\\")
@example("\x85${x}")
def test_a_quoted_word_is_one_word_that_means_the_text(text: str) -> None:
    for quoted in (quote(text), quote_always(text)):
        [lexeme] = tokenize(quoted, params={})

        assert (lexeme.value, lexeme.kind, lexeme.open) == (text, Kind.WORD, False)
        assert unquote(quoted) == text
        assert "\n" not in quoted


@given(TEXT)
def test_any_text_can_be_cut_into_lexemes(line: str) -> None:
    found = tokenize(line)

    assert all(lexeme.text == line[lexeme.start : lexeme.end] for lexeme in found)
    gaps = [line[a.end : b.start] for a, b in pairwise(found)]
    assert all(not gap or gap.isspace() for gap in gaps)


def test_an_ampersand_that_ends_a_command_sends_it_into_the_background() -> None:
    kinds = [lexeme.kind for lexeme in tokenize("a & ; b &x & c& & # d")]
    assert kinds.count(Kind.BACKGROUND) == 2
    assert [lexeme.value for lexeme in tokenize("a & b '&' \\&") if lexeme.kind is Kind.WORD] == [
        "a", "&", "b", "&", "\\&",
    ]  # fmt: skip
    assert quote("&") == "'&'"
    assert quote("a&b") == "a&b"


def test_an_alias_is_what_it_stands_for_where_a_verb_stands() -> None:
    lexemes = expanded(tokenize("ll x; say ll; 'll'"), {"ll": "list | head", "x": "no"})
    assert [each.value for each in lexemes] == [
        "list", "|", "head", "x", ";", "say", "ll", ";", "ll",
    ]  # fmt: skip
    assert {(each.start, each.end) for each in lexemes[:3]} == {(0, 2)}


def test_an_alias_of_itself_ends() -> None:
    lexemes = expanded(tokenize("list"), {"list": "list all"})
    assert [each.value for each in lexemes] == ["list", "all"]


def test_a_bar_between_letters_parts_choices_after_param_alone() -> None:
    words = [each.value for each in tokenize("param cc=reno reno|cubic|'b b' | json")]
    assert words == ["param", "cc=reno", "reno|cubic|b b", "|", "json"]
    for line in ("param|json", "list|json", "list;a|b", "param x; a|b"):
        assert "|" in [each.value for each in tokenize(line)]
