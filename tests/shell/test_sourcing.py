"""Recipes at the prompt."""

from pathlib import Path

from tests.shell.conftest import Keys


def test_a_recipe_is_played_as_a_recipe(keys: Keys, tmp_path: Path) -> None:
    recipe = tmp_path / "a.nepi"
    recipe.write_text("add test::Node h1\ndeploy\nexpect h1 STARTED\nexpect h1 READY\n")
    keys.keys(f"source {recipe}\rquit\ry\r")
    said = keys.said
    assert "ok: h1 is STARTED" in said
    assert f"{recipe}:4:1: expected h1 READY; h1 is STARTED" in said
    assert keys.prompt.ctx.waits is False
