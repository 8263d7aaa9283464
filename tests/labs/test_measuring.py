"""A pause ends with the last program that runs."""

from nepishell.labs.measuring import is_measuring, pause
from nepishell.labs.playing import Stage


def test_a_pause_lasts_no_longer_than_the_programs(empty_stage: Stage) -> None:
    lines = ("add local::Node here", "add linux::Application one on here command='sleep 600'",
             "deploy")  # fmt: skip
    for line in lines:
        empty_stage.do(line)
    assert is_measuring(empty_stage.ec)
    empty_stage.do("at +100ms stop one")

    pause(empty_stage.ec, 3600.0)

    assert not is_measuring(empty_stage.ec)


def test_without_programs_there_is_no_pause(empty_stage: Stage) -> None:
    pause(empty_stage.ec, 3600.0)
