"""Words painted, and lines that are not finished."""

import pytest

from nepishell.lang.call import Redirect
from nepishell.lang.grammar import Grammar
from nepishell.lang.quantities import Bound
from nepishell.lang.view import StaticView
from nepishell.lang.walk import parse, walk


def test_a_greater_sign_is_a_bound_where_one_may_stand_and_else_a_file(
    grammar: Grammar, view: StaticView
) -> None:
    [call] = parse(grammar, "expect probe.loss > 3 > x", view)

    assert call.args["bound"] == Bound(3.0, None, low_open=True)
    assert call.redirect == Redirect("x")


@pytest.mark.parametrize(
    ("line", "incomplete"),
    [("dep", True), ("depo ", False), ("deploy web", True), ("deploy web ", False),
     ("set probe count", True), ("set probe nothing", False), ("h", True), ("depoly", False)],
)  # fmt: skip
def test_a_word_that_may_still_become_right_is_incomplete(
    line: str, incomplete: bool, grammar: Grammar, view: StaticView
) -> None:
    error = walk(grammar, line, view).error

    assert error is not None
    assert error.incomplete is incomplete


@pytest.mark.parametrize(
    ("line", "styles"),
    [
        ("set probe count 3", "command guid attr value"),
        ("set probe cuont 3", "command guid error unknown"),
        ("deploy h1 wait # go", "command guid keyword comment"),
        ("list | sort -rtt > x", "command pipe command column redirect path"),
        ("deploy ; list", "command separator command"),
        ("at 5s deploy h1", "command number command guid"),
        ("dep", "unknown"),
    ],
)
def test_words_are_painted_by_what_they_are(
    line: str, styles: str, grammar: Grammar, view: StaticView
) -> None:
    assert [token.style for token in walk(grammar, line, view).tokens] == styles.split()
