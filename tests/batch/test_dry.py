"""A recipe that is not played: what would happen."""

from nepishell.batch.exits import Exit
from tests.batch.conftest import Play

TEXT = """\
add test::Node h1,h2
add test::App probe on h1
add test::App late on h2
when probe STARTED +2s start late
deploy
set probe target h2
stop late
"""


def test_it_predicts_who_comes_when_and_builds_nothing(play: Play, state_home):
    played = play(TEXT, "--dry")
    assert played.status is Exit.DONE
    rows = [line.split() for line in played.out.splitlines()]
    assert ["2s", "late", "STARTED"] in [row[:3] for row in rows]
    acts = [line.split(None, 1) for line in played.err.splitlines()[1:]]
    assert acts == [["5", "deploy"], ["7", "stop late"]]
    assert not list(state_home.glob("*/*/journal.jsonl"))


def test_what_is_wrong_is_told_with_its_place(play: Play):
    played = play("add test::Node h1\nset h1 nosuch 3\n", "--dry")
    assert (played.status, played.out) == (Exit.USAGE, "")
    assert played.err.startswith("a.nepi:2:8: ")
