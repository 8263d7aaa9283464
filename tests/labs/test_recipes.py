"""Recipes of a lab are played to their end, and what is wrong in one is told with its place."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.playing import Stage
from nepishell.labs.recipes import play_recipe


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("say x\nsay y; nonsense\n", r":2:8: no command 'nonsense'"),
        ("for x in a,b\n  remove ${x}\nend\n", r":2:10: no resource 'a'"),
        ("deploy nobody\n", r":1:8: no resource 'nobody'"),
        ("say 'x\n", r":1:5: the quote ' is never closed"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    empty_stage: Stage, tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "start.nepi"
    path.write_text(text)

    with pytest.raises(NepishellError, match=message):
        play_recipe(empty_stage.ctx, path)


def test_values_that_it_sets_are_there_for_the_person(empty_stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "start.nepi"
    path.write_text("param mine 5\n")

    play_recipe(empty_stage.ctx, path)

    assert empty_stage.ctx.parameters["mine"] == "5"
