"""Keys of our own."""

from nepishell.lang.complete import Expected
from nepishell.shell.keys import explain
from tests.shell.conftest import Keys


def test_a_question_mark_at_a_new_word_says_what_may_come(keys: Keys) -> None:
    keys.keys("add test::Node h1\rwait ?\x03\x04")
    assert "<targets>" in keys.said
    assert "a duration, as in 250ms" in keys.said


def test_a_question_mark_inside_a_word_is_a_letter(keys: Keys) -> None:
    keys.type("say what?")
    assert keys.said == "what?\n"


def test_expectations_are_aligned() -> None:
    expected = [Expected("deploy", "Build it.", ""), Expected("<x>", "a number", "")]
    assert explain(expected) == "  deploy  Build it.\n  <x>     a number"


def test_where_nothing_may_come_it_says_so() -> None:
    assert explain([]) == "  nothing more; press Enter"
