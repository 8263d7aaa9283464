"""What waits in a resource's queue."""

import pytest

from nepishell.core.states import MOVES, ResourceState
from nepishell.engine.jobs import DEPLOY, FAIL, RELEASE, START, STOP, Job


@pytest.mark.parametrize("job", [DEPLOY, START, STOP, RELEASE, FAIL])
def test_a_hook_makes_sense_only_where_it_can_lead_to_its_goal(job: Job) -> None:
    assert job.goal is not None
    assert job.needs is not None
    assert all(job.goal in MOVES[state] for state in job.needs)


@pytest.mark.parametrize(("job", "ends"), [(RELEASE, 1), (FAIL, 2)])
def test_what_is_not_at_its_end_can_be_ended(job: Job, ends: int) -> None:
    assert job.needs == tuple(ResourceState)[:-ends]


def test_endings_are_urgent_and_beginnings_are_not() -> None:
    assert [job.urgent for job in (DEPLOY, START, STOP, RELEASE, FAIL)] == [
        False, False, True, True, True,
    ]  # fmt: skip


def test_a_job_reads_as_its_hook() -> None:
    assert str(START) == "do_start"
