"""How far jobs are, on a clock that only moves when told."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from nepishell.commands.job import Progress
from nepishell.commands.jobs import Jobs
from nepishell.core.errors import BadValue, UnknownName
from nepishell.core.states import ResourceState
from nepishell.engine.clock import VirtualClock
from nepishell.engine.controller import ExperimentController
from tests.commands.stand import register


@pytest.fixture
def ec(tmp_path: Path) -> Iterator[ExperimentController]:
    with ExperimentController(local_dir=tmp_path, clock=VirtualClock()) as ec:
        yield ec


def test_a_job_waits_until_it_is_due_and_then_is_done(ec: ExperimentController) -> None:
    jobs, done = Jobs(ec), []
    job = jobs.at("x", 10.0, lambda: done.append(1))
    ec._scheduler.advance(9.9)
    assert (jobs.progress(job), done) == (Progress.WAITING, [])
    ec._scheduler.advance(0.2)
    assert (jobs.progress(job), done) == (Progress.DONE, [1])


def test_repeated_jobs_do_not_drift(ec: ExperimentController) -> None:
    jobs, at = Jobs(ec), []
    jobs.every("x", 2.0, lambda: at.append(ec.clock.now()), times=3)
    ec._scheduler.advance(100)
    assert at == [2.0, 4.0, 6.0]


def test_an_error_fails_the_job_and_is_told(ec: ExperimentController) -> None:
    jobs, told = Jobs(ec), []
    jobs.on_error = lambda job, problem: told.append((job.line, str(problem)))

    def fail() -> None:
        raise BadValue("no")

    job = jobs.at("x", 1.0, fail)
    ec._scheduler.advance(2)
    assert (jobs.progress(job), job.error, told) == (Progress.FAILED, "no", [("x", "no")])


def test_a_job_is_cancelled_before_it_is_due_only(ec: ExperimentController) -> None:
    jobs = Jobs(ec)
    first, second = jobs.at("x", 1.0, lambda: None), jobs.at("y", 5.0, lambda: None)
    ec._scheduler.advance(2)
    assert (jobs.cancel(first), jobs.cancel(second)) == (False, True)
    assert jobs.progress(second) is Progress.CANCELLED
    assert jobs.running() == []


def test_a_job_with_a_goal_is_done_when_all_reached_it(ec: ExperimentController) -> None:
    register()
    guids = tuple(ec.register_resource("test::Node") for _ in range(2))
    jobs = Jobs(ec)
    job = jobs.reaching("deploy", guids, ResourceState.STARTED)
    assert jobs.progress(job) is Progress.RUNNING
    ec.deploy(guids)
    ec.wait_started(guids)
    assert jobs.progress(job) is Progress.DONE


def test_a_job_is_found_by_its_number(ec: ExperimentController) -> None:
    jobs = Jobs(ec)
    job = jobs.at("x", 1.0, lambda: None)
    assert jobs.find(1) is job
    with pytest.raises(UnknownName, match="no task %2"):
        jobs.find(2)


def test_old_jobs_are_forgotten_and_running_ones_kept(ec: ExperimentController) -> None:
    jobs = Jobs(ec)
    kept = jobs.at("kept", 1000.0, lambda: None)
    for _ in range(2 * Jobs.KEPT + 10):
        jobs.cancel(jobs.at("x", 1.0, lambda: None))
    assert len(list(jobs)) <= 2 * Jobs.KEPT + 1
    assert jobs.find(kept.number) is kept


def test_a_deployment_is_over_by_an_event_and_forgets_its_resources(
    ec: ExperimentController,
) -> None:
    register()
    guids = tuple(ec.register_resource("test::Node") for _ in range(3))
    jobs, over = Jobs(ec), Event()
    job = jobs.reaching("deploy", guids, ResourceState.STARTED)
    jobs.when_over(job, over.set)
    ec.deploy(guids)
    assert over.wait(20)
    assert (jobs.running(), job.left, jobs._wanted) == ([], set(), {})


def test_failures_of_a_deployment_are_told_once_it_is_over(ec: ExperimentController) -> None:
    register()
    node = ec.register_resource("test::Node")
    app = ec.register_resource("test::App", fails=True, critical=False)
    ec.register_connection(node, app)
    jobs, told = Jobs(ec), []
    jobs.on_failed = lambda job: told.append((job.number, job.error))
    job = jobs.reaching("deploy", (node, app), ResourceState.STARTED)
    ec.deploy()
    ec.wait_started([node, app])
    ec.bus.drain()
    assert told == [(1, "app2 FAILED: it was told to")]
    assert jobs.progress(job) is Progress.FAILED


def test_ten_thousand_deployments_leave_no_more_than_the_last_thousand(
    ec: ExperimentController,
) -> None:
    register()
    (guid,) = (ec.register_resource("test::Node"),)
    ec.deploy()
    ec.wait_started(guid)
    jobs = Jobs(ec)
    for _ in range(10_000):
        jobs.reaching("deploy", (guid,), ResourceState.STARTED)
    assert len(list(jobs)) <= 2 * Jobs.KEPT
    assert jobs._wanted == {}
    assert all(not job.left and not job.listeners for job in jobs)


def test_a_repeated_job_is_cancelled_while_it_runs(ec: ExperimentController) -> None:
    jobs = Jobs(ec)
    job = jobs.every("x", 1.0, lambda: jobs.cancel(job))
    ec._scheduler.advance(10)
    assert (job.runs, jobs.progress(job)) == (1, Progress.CANCELLED)
