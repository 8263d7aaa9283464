from pathlib import Path

import pytest

from nepishell.campaigns.axes import Axes
from nepishell.campaigns.definition import Definition
from nepishell.campaigns.preparing import fingerprint, newest, open_for, prepare, unchanged
from nepishell.core.errors import NepishellError
from nepishell.replay.recipe import read_recipe
from tests.campaigns.conftest import define


def test_a_recipe_is_found_by_the_name_of_one_that_ships() -> None:
    found = prepare(Definition(name="q", recipe=Path("quickstart")))

    assert found.recipe.name == "quickstart.nepi"
    assert found.recipe.is_absolute()


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"wrod": ("a",)}, "no parameter 'wrod'; did you mean 'word'? (with wrod=a)"),
        ({"delay": ("5ms", "soon")}, "'soon' is not a duration"),
    ],
)
def test_a_mistake_is_told_before_the_first_run(
    axes: dict[str, tuple[str, ...]], message: str
) -> None:
    Path("talk.nepi").write_text(
        "param word x\nparam delay 1ms\nadd netns::Link l delay=${delay}\n"
    )
    with pytest.raises(NepishellError) as problem:
        define(axes=Axes(product=axes))

    assert message in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_recipe_that_destroys_something_needs_a_yes() -> None:
    Path("talk.nepi").write_text("add netns::Node n\nrelease n\n")
    plain = {"axes": Axes()}

    assert define(yes=True, **plain).yes
    with pytest.raises(NepishellError, match="run it with --yes"):
        define(**plain)


def test_what_becomes_a_secret_is_not_varied() -> None:
    Path("talk.nepi").write_text("param word x\nadd linux::Node n hostname=far password=${word}\n")
    with pytest.raises(NepishellError, match="parameter 'word' becomes a secret: it cannot be"):
        define()


def test_another_text_is_another_recipe_also_in_a_file_that_it_plays() -> None:
    Path("part.nepi").write_text("say one\n")
    Path("talk.nepi").write_text("source part.nepi\n")
    before = fingerprint(read_recipe(Path("talk.nepi")))
    Path("part.nepi").write_text("say two\n")

    assert fingerprint(read_recipe(Path("talk.nepi"))) != before


def test_a_campaign_does_not_go_on_with_a_recipe_that_was_changed() -> None:
    definition = define()
    assert unchanged(definition) == definition
    Path("talk.nepi").write_text("param word x\nsay other\n")

    with pytest.raises(NepishellError, match=r"talk\.nepi was changed since this campaign began"):
        unchanged(definition)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"seed": 2}, "was begun with seed 1"),
        ({"repeat": 1}, "holds 2 runs that are not in this one"),
        ({"axes": Axes(product={"word": ("a",)})}, "holds 2 runs that are not in this one"),
    ],
)
def test_a_folder_is_one_campaign(more: dict[str, object], message: str, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    open_for(define(), folder).define(define())

    with pytest.raises(NepishellError, match=message):
        open_for(define(**more), folder)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match="holds other files: name another folder with --out"):
        open_for(define(), tmp_path)


def test_of_several_campaigns_the_newest_is_meant(tmp_path: Path) -> None:
    for name in ("old", "new", "none"):
        (tmp_path / name).mkdir()
    for name in ("old", "new"):
        open_for(define(), tmp_path / name).define(define())

    assert newest([tmp_path / "old", tmp_path / "new", tmp_path / "none"]) == tmp_path / "new"
    assert newest([]) is None
