"""Rehearsing a deployment on a twin: exact, and without touching the real one."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.engine.causes import Step
from nepishell.engine.controller import ExperimentController
from nepishell.engine.reasons import Kind
from nepishell.engine.rehearsal import rehearse
from nepishell.engine.resource import ResourceManager
from nepishell.testing import EventLog, advance, calls

READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED
FAILED = ResourceState.FAILED


class Times:
    """Each hook takes as long as is said for its goal; a run_for is how long it runs."""

    def __init__(self, **seconds: float) -> None:
        self._seconds = seconds

    def takes(self, rm: ResourceManager, goal: ResourceState) -> float | None:
        return self._seconds.get(goal.name)

    def runs(self, rm: ResourceManager) -> float | None:
        value: float | None = rm.get("run_for")
        return value


def moves(steps: list[Step]) -> list[tuple[float, int, ResourceState]]:
    return [(step.at, step.guid, step.new) for step in steps]


def test_everything_in_order_with_the_time_that_hooks_take(ec: ExperimentController) -> None:
    node, app = ec.register_resource("test::Node"), ec.register_resource("test::App")
    ec.register_connection(app, node)
    found = rehearse(ec, [app, node], Times(READY=2.0, STARTED=1.0))
    assert moves(found.steps) == [
        (2.0, node, READY),
        (4.0, app, READY),
        (5.0, node, STARTED),
        (5.0, app, STARTED),
    ] or moves(found.steps) == [
        (2.0, node, READY),
        (4.0, app, READY),
        (5.0, app, STARTED),
        (5.0, node, STARTED),
    ]
    assert next(step.because for step in found.steps if step.guid == app) is Kind.PEER
    assert found.steps[0].takes == 2.0


def test_nothing_is_touched(ec: ExperimentController, log: EventLog) -> None:
    guid = ec.register_resource("test::Recorder", run_for="5s")
    log.clear()
    version = ec.snapshot().version
    rehearse(ec, [guid], Times())
    assert (log.events, calls(ec), ec.state(guid), ec.snapshot().version) == (
        [], [], ResourceState.NEW, version,
    )  # fmt: skip


def test_conditions_hold_back_and_say_so(ec: ExperimentController) -> None:
    one = ec.register_resource("test::Recorder", run_for="10s")
    two = ec.register_resource("test::Recorder")
    ec.register_condition(two, "start", one, "STOPPED", "3s")
    steps = rehearse(ec, [one, two], Times()).steps
    assert moves(steps)[2:] == [(0.0, one, STARTED), (10.0, one, STOPPED), (13.0, two, STARTED)]
    assert steps[3].because is Kind.RUNNING
    last = steps[4]
    assert (last.because, last.guids, last.state, last.delay) == (
        Kind.CONDITION, (one,), STOPPED, 3.0,
    )  # fmt: skip


def test_a_stop_by_condition_ends_what_would_run_for_ever(ec: ExperimentController) -> None:
    one = ec.register_resource("test::Recorder", run_for="10s")
    two = ec.register_resource("test::Recorder")
    ec.register_condition(two, "stop", one, "STOPPED")
    steps = rehearse(ec, [one, two], Times()).steps
    assert moves(steps)[-1] == (10.0, two, STOPPED)
    assert steps[-1].because is Kind.CONDITION


def test_what_cannot_be_deployed_is_named_and_left_out(ec: ExperimentController) -> None:
    app, other = ec.register_resource("test::App"), ec.register_resource("test::Recorder")
    found = rehearse(ec, [app, other], Times())
    assert found.refused == {app: f"resource {app} (app{app}) needs 1 test::Node; connected: none"}
    assert {step.guid for step in found.steps} == {other}


def test_a_condition_that_is_never_met_is_told(ec: ExperimentController) -> None:
    one, two = (ec.register_resource("test::Recorder") for _ in range(2))
    ec.register_condition(two, "start", one, "STOPPED")
    found = rehearse(ec, [one, two], Times())
    assert [(fact.guid, fact.kind, fact.guids) for fact in found.stuck] == [
        (two, Kind.CONDITION, (one,))
    ]


def test_what_is_deployed_keeps_its_state_and_goes_on(ec: ExperimentController) -> None:
    one = ec.register_resource("test::Recorder", run_for="10s")
    two = ec.register_resource("test::Recorder")
    ec.register_condition(two, "start", one, "STOPPED")
    ec.deploy()
    ec.wait_started(one)
    advance(ec, 4.0)
    new = ec.register_resource("test::Recorder")
    found = rehearse(ec, [new], Times())
    assert found.began == 4.0
    assert sorted(moves(found.steps)) == [
        (4.0, new, READY), (4.0, new, STARTED), (10.0, one, STOPPED), (10.0, two, STARTED),
    ]  # fmt: skip
    # the real one does what was said
    ec.wait_started(two)
    assert ec.clock.now() == 10.0


def test_a_delay_that_passes_goes_on_passing(ec: ExperimentController) -> None:
    one, two = (ec.register_resource("test::Recorder") for _ in range(2))
    ec.register_condition(two, "start", one, "STARTED", "30s")
    ec.deploy()
    ec.wait_started(one)
    advance(ec, 12.0)
    assert moves(rehearse(ec).steps) == [(30.0, two, STARTED)]


def test_what_failed_takes_with_it_who_waits_for_it(ec: ExperimentController) -> None:
    bad = ec.register_resource("test::Recorder", fail_in="do_start", critical=False)
    ec.deploy()
    ec.wait_started(bad)
    node = ec.register_resource("test::Recorder")
    assert moves(rehearse(ec, [node], Times()).steps) == [(0.0, node, READY), (0.0, node, STARTED)]


def test_in_an_aborted_run_nothing_happens(ec: ExperimentController) -> None:
    bad = ec.register_resource("test::Recorder", fail_in="do_start")
    ec.deploy()
    ec.wait_started(bad)
    other = ec.register_resource("test::Recorder")
    found = rehearse(ec, [other], Times())
    assert found.steps == []
    assert [(fact.guid, fact.kind, fact.guids) for fact in found.stuck] == [
        (other, Kind.ABORTED, (bad,))
    ]


def test_a_release_that_was_asked_for_is_part_of_it(ec: ExperimentController) -> None:
    one = ec.register_resource("test::Recorder")
    ec.deploy()
    ec.wait_started(one)
    ec.release(one)
    assert rehearse(ec).steps == []


def test_rehearsing_nobody_is_an_error(ec: ExperimentController, tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match="'7' is not a guid"):
        rehearse(ec, [7])


def test_an_empty_experiment_has_nothing_to_come(ec: ExperimentController) -> None:
    found = rehearse(ec)
    assert (found.steps, found.refused, found.stuck) == ([], {}, [])
