"""Recipes found by path or by name."""

import pytest

from nepishell.core.errors import UnknownName
from nepishell.replay.shelf import find_recipe


def test_a_path_wins_over_a_shipped_name(tmp_path, monkeypatch):
    (tmp_path / "shelf").mkdir()
    shipped = tmp_path / "shelf" / "star.nepi"
    shipped.write_text("")
    monkeypatch.chdir(tmp_path)
    assert find_recipe("star", [tmp_path / "shelf"]) == shipped
    assert find_recipe("star.nepi", [tmp_path / "shelf"]) == shipped
    (tmp_path / "star.nepi").write_text("")
    assert find_recipe("star.nepi", [tmp_path / "shelf"]).resolve() == tmp_path / "star.nepi"


def test_an_unknown_recipe_suggests_one(tmp_path):
    (tmp_path / "star.nepi").write_text("")
    with pytest.raises(UnknownName, match="no file or recipe 'stra'; did you mean 'star'"):
        find_recipe("stra", [tmp_path])
    with pytest.raises(UnknownName, match="no file or recipe 'xyz'; recipes are star"):
        find_recipe("xyz", [tmp_path])
