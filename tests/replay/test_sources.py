"""Recipes that play recipes."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.replay.recipe import read_recipe
from nepishell.replay.sources import Sources


def test_a_name_is_relative_to_the_recipe_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.nepi").write_text("list\n")
    (tmp_path / "sub" / "a.nepi").write_text("source b.nepi\n")
    sources = Sources()
    with sources.entered(read_recipe(tmp_path / "sub" / "a.nepi")):
        assert sources.find(Path("b.nepi")).text == "list\n"


def test_a_recipe_cannot_play_itself(tmp_path: Path) -> None:
    (tmp_path / "a.nepi").write_text("source b.nepi\n")
    (tmp_path / "b.nepi").write_text("source a.nepi\n")
    sources = Sources()
    first = read_recipe(tmp_path / "a.nepi")
    with (
        sources.entered(first),
        sources.entered(sources.find(Path("b.nepi"))),
        pytest.raises(NepishellError, match=r"a recipe cannot play itself: .* plays "),
        sources.entered(sources.find(Path("../" + tmp_path.name + "/a.nepi"))),
    ):
        pass


def test_a_recipe_may_be_played_twice_in_a_row(tmp_path: Path) -> None:
    (tmp_path / "b.nepi").write_text("list\n")
    sources = Sources()
    for _ in range(2):
        with sources.entered(read_recipe(tmp_path / "b.nepi")):
            pass


def test_a_shipped_recipe_is_found_by_name_where_no_file_has_it(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "star.nepi").write_text("list\n")
    sources = Sources((tmp_path / "shelf",))
    assert sources.find(Path("star")).text == "list\n"
    with pytest.raises(NepishellError, match="no file or recipe 'stra'; did you mean 'star'"):
        sources.find(Path("stra"))
