"""What a resource went through, also where it went through it twice."""

import pytest

from nepishell import ExperimentController
from nepishell.engine import stories


def test_what_is_started_again_has_both_starts_in_its_story(ec: ExperimentController) -> None:
    one = ec.register_resource("test::Recorder", run_for="5s")
    ec.deploy()
    ec.wait(one, "STOPPED")
    ec.start(one)
    ec.wait(one, "STARTED")
    ec.stop(one)
    ec.wait(one, "STOPPED")
    moves = ec.story(one)
    assert [move.new.name for move in moves] == [
        "DISCOVERED", "PROVISIONED", "READY", "STARTED", "STOPPED", "STARTED", "STOPPED",
    ]  # fmt: skip
    assert [move.old for move in moves[1:]] == [move.new for move in moves[:-1]]
    assert [move.at for move in moves] == sorted(move.at for move in moves)


def test_of_a_very_long_story_the_beginning_and_the_end_are_kept(
    ec: ExperimentController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "MOST", 3)
    one = ec.register_resource("test::Recorder")
    ec.deploy()
    ec.wait(one, "STARTED")
    for _ in range(20):
        ec.stop(one)
        ec.wait(one, "STOPPED")
        ec.start(one)
    ec.release(one)
    told = stories.entries(ec._rm(one))
    assert len(told) <= 6
    assert (told[0][1].name, told[-1][1].name) == ("NEW", "RELEASED")
