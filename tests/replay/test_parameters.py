"""Which parameters a recipe has."""

from pathlib import Path

import pytest

from nepishell.core.errors import BadValue
from nepishell.replay.parameters import declared
from nepishell.replay.recipe import Recipe, RecipeError

TEXT = """\
# x: y
param delay=20ms duration
param name probe
param cc=reno reno|cubic
param must
param
"""


def test_each_is_found_with_its_default_and_its_type() -> None:
    found = declared(Recipe("a.nepi", TEXT))
    assert [(one.name, one.default, one.type, one.choices) for one in found] == [
        ("delay", "20ms", "duration", ()),
        ("name", "probe", "text", ()),
        ("cc", "reno", "choice", ("reno", "cubic")),
        ("must", None, "text", ()),
    ]
    assert str(found[2].place) == "a.nepi:4:1"
    with pytest.raises(BadValue, match="cc: 'bbr' is not one of reno, cubic"):
        found[2].check("bbr")


def test_those_of_included_files_belong_to_it(tmp_path: Path) -> None:
    (tmp_path / "more.nepi").write_text("param n=3 int\nparam delay=1ms\n")
    recipe = Recipe("a.nepi", f"{TEXT}include more.nepi\n", tmp_path)
    assert [one.name for one in declared(recipe)] == ["delay", "name", "cc", "must", "n"]
    assert declared(recipe)[0].default == "20ms"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("param n=x int", "n: 'x' is not a whole number"),
        ("param n=3 itn", "'itn' is not a type of parameters; did you mean 'int'"),
        ("include nope.nepi", "no file or recipe 'nope.nepi'"),
        ("param 1a=2", "'1a' is not a parameter's name"),
    ],
)
def test_one_that_makes_no_sense_is_told_with_its_place(line: str, message: str) -> None:
    with pytest.raises(RecipeError, match=f"^a.nepi:2:1: .*{message}") as caught:
        declared(Recipe("a.nepi", f"\n{line}\n"))
    assert caught.value.caret.endswith("~" * (len(line) - 1))
