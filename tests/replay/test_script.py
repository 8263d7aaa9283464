"""Blocks, unrolled while they are played."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nepishell.commands.signals import Stopped
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import Recipe, RecipeError
from nepishell.replay.script import Script
from nepishell.replay.sources import Sources
from tests.commands.stand import Session, open_session


class Player:
    """Plays texts; keeps what was executed, with `${...}` filled in."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.folder = folder
        self.ran: list[str] = []
        self.told: list[str] = []
        self.goes_on = False
        self.sources = Sources()
        self.stops: Callable[[str], None] = lambda text: None

    def __call__(self, text: str, *, checks: bool = False) -> list[str]:
        recipe = Recipe(str(self.folder / "a.nepi"), text, self.folder)
        script = Script(self.session.interpreter, self.sources, checks=checks)
        with self.sources.entered(recipe):
            script.play(recipe.statements(), self.execute, on_error=self.tell)
        return self.ran

    def execute(self, statement: Statement) -> None:
        if statement.text.startswith("bad"):
            raise RecipeError(statement.text)
        ctx = self.session.ctx
        text = statement.text
        for name, value in {**ctx.parameters, **ctx.bound}.items():
            text = text.replace(f"${{{name}}}", value)
        if text.startswith("param"):
            self.session(text)
        self.stops(text)
        self.ran.append(text)

    def tell(self, problem: RecipeError) -> bool:
        self.told.append(problem.what)
        return self.goes_on


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Player]:
    with open_session(tmp_path) as session:
        yield Player(session, tmp_path)


def test_a_loop_is_played_for_each_value(play: Player) -> None:
    assert play("for x in a,b\n for y in 1-2\n  t ${x}${y}\n end\nend\nz") == [
        "t a1", "t a2", "t b1", "t b2", "z",
    ]  # fmt: skip
    assert play.session.ctx.bound == {}


def test_an_inner_loop_hides_an_outer_one_of_the_same_name(play: Player) -> None:
    assert play("for x in a\nfor x in b\nin ${x}\nend\nout ${x}\nend") == ["in b", "out a"]


def test_values_come_from_parameters_set_before(play: Player) -> None:
    assert play("param d=1,2\nfor x in ${d}\nt ${x}\nend")[1:] == ["t 1", "t 2"]


def test_values_may_be_the_resources_there_are(play: Player) -> None:
    play.session("add test::Node h[1-2]")
    assert play("for x in h*\nt ${x}\nend\nfor x in @FAILED\nnever\nend") == ["t h1", "t h2"]


def test_what_a_block_has_set_is_taken_back_after_an_error(play: Player) -> None:
    with pytest.raises(RecipeError):
        play("for x in a,b\nbad\nend")
    assert play.session.ctx.bound == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("one\nfor x in a\ntwo\n", "'for' is never ended"),
        ("one\non-fail\nfor x in a\nend\n", "'on-fail' is never ended"),
        ("one\nend\n", "'end' ends nothing"),
        ("one\nfor x in a\nend two\n", "'two' does not belong behind 'end'"),
        ("one\non-fail now\nend\n", "'now' does not belong behind 'on-fail'"),
        ("one\ninclude\n", "write one file"),
        ("one\ninclude nope.nepi\n", "no file or recipe 'nope.nepi'"),
        ("one\ninclude a.nepi\n", "a recipe cannot play itself"),
    ],
)
def test_a_block_that_makes_no_sense_has_its_place(
    play: Player, text: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "a.nepi").write_text(text)
    with pytest.raises(RecipeError) as caught:
        play(text)
    assert message in caught.value.what
    assert caught.value.place is not None
    assert caught.value.place.line in (2, 3)
    assert "^" in caught.value.caret


def test_of_a_block_that_is_passed_over_nothing_is_played(play: Player) -> None:
    play.goes_on = True
    assert play("for 1 in a\nnever\nend\none") == ["one"]


def test_an_included_file_stands_in_its_place(play: Player, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "b.nepi").write_text("b1\ninclude c.nepi\nb2\n")
    (tmp_path / "inner" / "c.nepi").write_text("c ${x}\n")
    assert play("for x in 1,2\ninclude inner/b.nepi\nend\na") == [
        "b1", "c 1", "b2", "b1", "c 2", "b2", "a",
    ]  # fmt: skip


def test_files_that_include_each_other_are_refused(play: Player, tmp_path: Path) -> None:
    (tmp_path / "b.nepi").write_text("include c.nepi\n")
    (tmp_path / "c.nepi").write_text("one\n  include b.nepi\n")
    with pytest.raises(RecipeError, match=r"c\.nepi:2:3: .*b\.nepi plays .*c\.nepi plays"):
        play("include b.nepi")
    assert play.ran == ["one"]


def test_what_is_for_failures_is_left_out_of_what_goes_well(play: Player) -> None:
    assert play("on-fail\nt sorry\nend\none") == ["one"]
    assert play("on-fail\nt sorry\nend\none", checks=True) == ["one", "t sorry", "one"]


def test_what_is_for_failures_is_done_before_the_error_leaves(play: Player) -> None:
    with pytest.raises(RecipeError, match="bad luck"):
        play("on-fail\nfor x in 1,2\nt ${x}\nbad ${x}\nend\nend\none\nbad luck\nnever")
    assert play.ran == ["one", "t 1", "t 2"]
    assert play.told == ["bad luck", "bad ${x}", "bad ${x}"]


def test_what_comes_after_the_failure_is_for_none_of_before(play: Player) -> None:
    with pytest.raises(RecipeError):
        play("bad\non-fail\nnever\nend")
    assert play.ran == []


def test_one_that_goes_on_after_an_error_has_failed_all_the_same(play: Player) -> None:
    play.goes_on = True
    assert play("on-fail\nt sorry\nend\nbad\ntwo") == ["two", "t sorry"]


@pytest.mark.parametrize(("signum", "ran"), [(0, ["t sorry"]), (2, [])])
def test_a_task_that_fails_is_a_failure_and_a_signal_is_none(
    play: Player, signum: int, ran: list[str]
) -> None:
    def stops(text: str) -> None:
        if text == "stop":
            raise Stopped(signum)

    play.stops = stops
    with pytest.raises(Stopped):
        play("on-fail\nt sorry\nend\nstop")
    assert play.ran == ran


def test_the_outermost_block_that_is_played_is_known(play: Player) -> None:
    script = Script(play.session.interpreter, Sources())
    found = []
    for statement in script.unrolled(Recipe("a", "one\nfor x in 1\nfor y in 2\ntwo\nend\nend")
                                     .statements()):  # fmt: skip
        found.append((statement.text, script.block.text if script.block else ""))
    assert found == [("one", ""), ("two", "for x in 1")]
    assert script.block is None


def test_the_first_error_ends_a_recipe_unless_told_to_go_on(play: Player) -> None:
    with pytest.raises(RecipeError):
        play("one\nbad\nthree")
    assert play.ran == ["one"]
    play.goes_on = True
    assert play("bad\nthree") == ["one", "three"]
