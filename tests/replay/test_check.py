"""--check: everything wrong with a recipe, and nothing done."""

from pathlib import Path

import pytest

from nepishell.batch.exits import Exit
from nepishell.core.errors import NepishellError
from nepishell.replay.check import check
from nepishell.replay.recipe import Recipe
from tests.batch.conftest import Play, play, state_home
from tests.batch.test_player import PAIR

__all__ = ["play", "state_home"]


def test_a_good_recipe_has_nothing_wrong(play: Play) -> None:
    played = play(PAIR, "--check")
    assert (played.status, played.out) == (Exit.DONE, "")
    assert played.err == "a.nepi: 6 commands, nothing wrong\n"


def test_nothing_is_run(play: Play, state_home: Path, tmp_path: Path) -> None:
    played = play(PAIR + f"list > {tmp_path}/out\nh1 false\nexpect h1 NEW\n", "--check")
    assert played.status is Exit.DONE
    assert not (tmp_path / "out").exists()
    assert not state_home.exists()


def test_every_mistake_is_told(play: Play) -> None:
    played = play("lits\n" + PAIR + "set wire delay 5\nstop nobody\n", "--check")
    assert played.status is Exit.USAGE
    heads = [line for line in played.err.splitlines() if line.startswith("a.nepi")]
    assert heads == [
        "a.nepi:1:1: no command 'lits'; did you mean 'list'?",
        "a.nepi:9:16: delay: '5' is not a duration; write a number and a unit, "
        "as in 250ms, 1.5s, 2m",
        "a.nepi:10:6: no resource 'nobody'",
    ]


def test_what_only_follows_from_a_mistake_is_counted(play: Play) -> None:
    played = play("add test::Nod web\nset web delay 5ms\nstop web\nexpect web.loss 0%\n", "--check")
    heads = [line for line in played.err.splitlines() if line.startswith("a.nepi")]
    assert heads == [
        "a.nepi:1:5: no resource type 'test::Nod'; did you mean 'test::Node'?",
        "a.nepi: 3 more that may follow from this",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("connect h1 h2", "cannot be connected"),
        ("when probe STARTED start probe", "would wait for itself"),
        ("add test::Node h1", "label 'h1' is taken"),
        ("source nope.nepi", "no file or recipe 'nope.nepi'"),
        ("source a.nepi", "a recipe cannot play itself"),
    ],
)
def test_what_describes_nonsense_is_found(play: Play, line: str, message: str) -> None:
    played = play(PAIR + line, "--check")
    assert played.status is Exit.USAGE
    assert message in played.err
    assert "a.nepi:8:" in played.err


def test_what_is_added_later_is_known(play: Play) -> None:
    assert play("at 1ms add test::Node web\nwait 5ms\nget web\n", "--check").status is Exit.DONE


def test_an_unknown_parameter_is_named(play: Play) -> None:
    played = play(PAIR, "--check", "--param", "dela=5ms")
    assert (played.status, played.err) == (
        Exit.USAGE,
        "a.nepi: no parameter 'dela'; did you mean 'delay'?\n",
    )


def test_a_value_given_for_a_parameter_is_checked(play: Play) -> None:
    played = play(PAIR, "--check", "--param", "delay=soon")
    assert "'soon' is not a duration" in played.err


def test_a_recipe_in_memory_can_be_checked() -> None:
    checked = check(Recipe("-c", "list; status"), {})
    assert (checked.statements, checked.problems) == (2, [])
    with pytest.raises(NepishellError):
        raise check(Recipe("-c", "nope"), {}).problems[0]
