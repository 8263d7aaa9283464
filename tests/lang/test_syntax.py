"""The notation of patterns."""

import pytest

from nepishell.lang import syntax
from nepishell.lang.errors import GrammarError
from nepishell.lang.syntax import AnyOrder, Arg, Choice, Maybe, Seq, Word, read

A, B = Word("a"), Word("b")


@pytest.mark.parametrize(
    ("pattern", "tree", "shown"),
    [
        ("a", A, "a"),
        ("a b", Seq((A, B)), "a b"),
        ("<state>", Arg("state", "state"), "<state>"),
        ("<v:value(res, attr)>...", Arg("v", "value", ("res", "attr"), many=True), "<v>..."),
        ("+<d:duration>", Arg("d", "duration", prefix="+"), "+<d>"),
        ("[a]", Maybe(A), "[a]"),
        ("(a|b)", Choice((A, B)), "(a|b)"),
        ("(x:a|b)", Choice((A, B), "x"), "(a|b)"),
        ("[x:a|b]", Maybe(Choice((A, B), "x")), "[a|b]"),
        ("[x:a]", Maybe(Choice((A,), "x")), "[a]"),
        ("{a|b <x:int>}", AnyOrder((A, Seq((B, Arg("x", "int"))))), "[a] [b <x>]"),
        ("a [b [+<x:int>]]", Seq((A, Maybe(Seq((B, Maybe(Arg("x", "int", prefix="+"))))))),
         "a [b [+<x>]]"),
    ],
)  # fmt: skip
def test_a_pattern_is_read_as_a_tree(pattern: str, tree: syntax.Syntax, shown: str) -> None:
    assert read(pattern) == tree
    assert syntax.usage(tree) == shown


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a [b", "'a [b': '[' is not closed"),
        ("a (b]", "'a (b]': '(' is not closed"),
        ("a ]", "'a ]': ']' closes nothing"),
        ("a|b", "'a|b': put alternatives in parentheses"),
        ("", "'': an empty alternative"),
        ("(a|)", "'(a|)': an empty alternative"),
        ("a <x y>", "'a <x y>': cannot read '<x y>'"),
        ("(x:a|<y:int>)", "'(x:a|<y:int>)': only words can be bound to 'x'"),
        ("{[a]|b}", "'{[a]|b}': what stands in braces is optional already"),
    ],
)
def test_a_bad_pattern_is_an_error(pattern: str, message: str) -> None:
    with pytest.raises(GrammarError) as caught:
        read(pattern)

    assert str(caught.value) == message


def test_names_that_every_line_binds_are_told_from_those_that_some_do() -> None:
    tree = read("a <x:int> [<y:int>] (k:b|c) (d <z:int>|e <z:int> <w:int>) {v <v:int>|u}")

    assert syntax.bound(tree) == {"x", "y", "k", "z", "w", "v"}
    assert syntax.always_bound(tree) == {"x", "k", "z"}
