"""Recipes in colours: every character once, and each word what the grammar says it is."""

import tomllib
from pathlib import Path

import pytest
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from nepishell.replay.highlighting import RecipeLexer

TOP = Path(__file__).parents[2]
SHIPPED = sorted((TOP / "recipes").rglob("*.nepi"))


def painted(text: str) -> list[tuple[object, str]]:
    return [
        (kind, piece)
        for _, kind, piece in RecipeLexer().get_tokens_unprocessed(text)
        if kind is not Whitespace
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# a", [(Comment.Single, "# a")]),
        (
            "add netns::Link l delay=${d}",
            [(Keyword, "add"), (Name.Class, "netns::Link"), (Name, "l"), (Name.Attribute, "delay"),
             (Operator, "="), (Name.Variable, "${d}")],
        ),
        (
            "when a STARTED +500ms start b",
            [(Keyword, "when"), (Name, "a"), (Name.Constant, "STARTED"), (Number, "+500ms"),
             (Keyword, "start"), (Name, "b")],
        ),
        (
            "list; at 5s set l up",
            [(Keyword, "list"), (Punctuation, ";"), (Keyword, "at"), (Number, "5s"),
             (Keyword, "set"), (Name, "l"), (Name, "up")],
        ),
        ("list | head 5", [(Keyword, "list"), (Operator, "|"), (Keyword, "head"), (Number, "5")]),
        (
            "say \"a ${b}\" 'c ${d}'",
            [(Keyword, "say"), (String.Double, '"a '), (String.Interpol, "${b}"),
             (String.Double, '"'), (String.Single, "'c ${d}'")],
        ),
        ("deploy a alone", [(Keyword, "deploy"), (Name, "a"), (Keyword.Pseudo, "alone")]),
        ("h1 list", [(Name, "h1"), (Name, "list")]),
        ("say 'open", [(Error, "say 'open")]),
    ],
)  # fmt: skip
def test_each_word_is_what_the_grammar_says(text: str, wanted: list[tuple[object, str]]) -> None:
    assert painted(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["", "\n", "a \\\n  b # c\nlist", "say 'a\nb'\n\n", "x\x0by\u2028z", "list\nsay \"x\nlist\n",
     *(path.read_text() for path in SHIPPED)],
)  # fmt: skip
def test_the_pieces_are_the_text(text: str) -> None:
    found = list(RecipeLexer().get_tokens_unprocessed(text))
    assert "".join(piece for _, _, piece in found) == text
    for place, _, piece in found:
        assert text.startswith(piece, place)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nothing_in_a_shipped_recipe_is_an_error(path: Path) -> None:
    assert all(kind is not Error for kind, _ in painted(path.read_text()))


def test_pygments_is_told_of_it() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    target = f"{RecipeLexer.__module__}:{RecipeLexer.__name__}"
    assert project["entry-points"]["pygments.lexers"] == {"nepishell": target}
