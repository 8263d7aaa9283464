"""Where files are kept."""

from pathlib import Path

import pytest

from nepishell.commands.places import recipe_folders, state_home


def test_state_is_kept_where_xdg_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_home() == tmp_path / "nepishell"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert state_home() == Path.home() / ".local" / "state" / "nepishell"


def test_a_checkout_has_recipes() -> None:
    assert any((folder / "quickstart.nepi").exists() for folder in recipe_folders())
