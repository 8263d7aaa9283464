"""`nepishell run FILE --help-params`."""

import json

from nepishell.batch.exits import Exit
from tests.batch.conftest import Play

TEXT = "param delay=20ms duration\nparam cc=reno reno|cubic\nparam password=hunter2\nnonsense\n"


def test_the_parameters_of_a_recipe_are_listed_and_nothing_is_played(play: Play) -> None:
    played = play(TEXT, "--help-params", "--json")
    assert played.status is Exit.DONE
    found = [tuple(one.values()) for one in json.loads(played.out)]
    assert found[:2] == [("delay", "20ms", "duration", 1), ("cc", "reno", "reno|cubic", 2)]
    assert "hunter2" not in played.out


def test_a_declaration_that_makes_no_sense_is_told(play: Play) -> None:
    played = play("param delay=soon duration\n", "--help-params")
    assert played.status is Exit.USAGE
    assert played.err.startswith("a.nepi:1:1: delay: 'soon' is not a duration")
    assert "^" in played.err
