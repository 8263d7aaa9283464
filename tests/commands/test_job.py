"""What a job is by itself."""

from nepishell.commands.job import ENDED, Job, Progress


def test_what_is_left_is_told_in_the_order_of_numbers() -> None:
    assert Job(number=1, line="deploy", left={7, 3, 5}).guids == (3, 5, 7)


def test_a_job_ends_in_one_of_three_ways() -> None:
    assert set(Progress) - ENDED == {Progress.WAITING, Progress.RUNNING}


def test_jobs_are_told_apart_by_what_they_are_not_by_what_they_say() -> None:
    assert Job(number=1, line="list") != Job(number=1, line="list")
