"""Recipes as files, and errors that point into them."""

import pytest

from nepishell.core.errors import NepishellError
from nepishell.replay.recipe import Recipe, RecipeError, caret_under, locate, read_recipe


def test_the_first_comment_says_what_a_recipe_shows():
    assert Recipe("a.nepi", "\n# ping: is it slow?\n# more\nlist\n").summary == "ping: is it slow?"
    assert Recipe("a.nepi", "list\n").summary == ""


def test_a_recipe_is_read_from_a_file(tmp_path):
    path = tmp_path / "a.nepi"
    path.write_text("list\nstatus\n")
    recipe = read_recipe(path)
    assert [statement.text for statement in recipe.statements()] == ["list", "status"]
    assert recipe.folder == tmp_path


@pytest.mark.parametrize(
    ("content", "message"), [(None, "cannot be read: no such file"), (b"\xff\xfe", "not a text")]
)
def test_what_is_no_recipe_is_refused_in_one_line(tmp_path, content, message):
    path = tmp_path / "a.nepi"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NepishellError, match=message):
        read_recipe(path)


def test_an_open_quote_is_an_error_with_a_place_and_a_caret():
    with pytest.raises(RecipeError) as caught:
        list(Recipe("a.nepi", "list\nsay 'oh\n").statements())
    assert str(caught.value) == "a.nepi:2:5: the quote ' is never closed"
    assert caught.value.caret == "    say 'oh\n        ^"


def test_an_error_points_at_the_words_to_blame():
    (statement,) = Recipe("a.nepi", "  set wire dela 5ms").statements()
    problem = locate(statement, "no attribute 'dela'", 9, 4)
    assert str(problem) == "a.nepi:1:12: no attribute 'dela'"
    assert problem.caret == "      set wire dela 5ms\n               ^~~~"


def test_a_tab_before_the_caret_stays_a_tab():
    assert caret_under("\tbad", 2, 3) == "    \tbad\n    \t^~~"


def test_parts_of_statements_are_written_otherwise() -> None:
    recipe = Recipe("a.nepi", "say one; say two  # and\n\nsay \\\n  'thr\nee'; x\r\n")
    one, two, three, four = recipe.statements()
    changes = [(three, 4, len(three.text), "3"), (one, 4, 7, "1"), (two, 0, 3, "tell"),
               (four, 0, 1, "y")]  # fmt: skip
    assert recipe.rewritten(changes) == "say 1; tell two  # and\n\nsay 3; y\r\n"
    assert recipe.rewritten([]) == recipe.text
