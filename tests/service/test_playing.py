"""Lines of programs, and recipes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nepishell.commands.context import Quit
from nepishell.core.errors import NepishellError
from nepishell.replay.recipe import Recipe
from nepishell.service.playing import Misplaced, Playing, as_data
from tests.commands.stand import open_session


@pytest.fixture
def results() -> list[Any]:
    return []


@pytest.fixture
def playing(tmp_path: Path, results: list[Any]) -> Iterator[Playing]:
    with open_session(tmp_path) as session:
        yield Playing(session.ctx, lambda shown: results.append(as_data(shown)))


def test_each_line_has_a_result(playing: Playing, results: list[Any]) -> None:
    playing.lines("add test::Node h1,h2\nlist | cols label; list | csv")

    assert results[0]["labels"] == ["h1", "h2"]
    assert results[1] == [{"label": "h1"}, {"label": "h2"}]
    assert results[2]["form"] == "csv"


def test_an_error_says_in_which_line_and_where(playing: Playing, results: list[Any]) -> None:
    with pytest.raises(Misplaced) as caught:
        playing.lines("add test::Node h1\n  add test::Nod h2")
    answer = caught.value.as_answer()
    assert (answer["line"], answer["column"], answer["length"]) == (2, 7, 9)
    assert len(results) == 1


def test_a_quote_that_is_never_closed_is_told(playing: Playing) -> None:
    with pytest.raises(Misplaced, match="never closed"):
        playing.lines("say 'x")


def test_what_went_wrong_in_a_recipe_is_told_with_its_place(playing: Playing) -> None:
    with pytest.raises(NepishellError, match=r"a\.nepi:2:1: no command 'frob'"):
        playing.recipe(Recipe("a.nepi", "say hi\nfrob"))


def test_quit_ends_it(playing: Playing) -> None:
    with pytest.raises(Quit):
        playing.lines("quit; list")
