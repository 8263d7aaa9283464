"""Stand-ins take time, and nothing else."""

from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.standin import StandIn

READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED


def stand_in(ec: ExperimentController, runs: float | None, **takes: float) -> StandIn:
    ResourceFactory.register_type(StandIn)
    rm = ec._rm(ec.register_resource("stand-in"))
    assert isinstance(rm, StandIn)
    rm.original = rm
    rm.takes = {ResourceState[name]: seconds for name, seconds in takes.items()}
    rm.runs = runs
    return rm


def times(rm: StandIn) -> list[float | None]:
    return [rm._stamps[state] for state in (READY, STARTED, STOPPED)]


def test_each_hook_takes_its_time(ec: ExperimentController) -> None:
    rm = stand_in(ec, 10.0, READY=1.0, STARTED=2.0)
    ec.deploy()
    ec.wait_finished(rm.guid)
    assert times(rm) == [1.0, 3.0, 13.0]


def test_what_takes_no_time_happens_at_once(ec: ExperimentController) -> None:
    rm = stand_in(ec, None)
    ec.deploy()
    ec.wait_started(rm.guid)
    assert times(rm) == [0.0, 0.0, None]


def test_a_stop_takes_its_time_too(ec: ExperimentController) -> None:
    rm = stand_in(ec, None, STOPPED=4.0)
    ec.deploy()
    ec.wait_started(rm.guid)
    ec.stop(rm.guid)
    ec.wait_finished(rm.guid)
    assert times(rm) == [0.0, 0.0, 4.0]


def test_one_that_was_stopped_before_does_not_end_again(ec: ExperimentController) -> None:
    rm = stand_in(ec, 10.0)
    other = stand_in(ec, 20.0)
    ec.deploy()
    ec.wait_started([rm.guid, other.guid])
    ec.stop(rm.guid)
    ec.wait_finished(other.guid)
    assert times(rm) == [0.0, 0.0, 0.0]


def test_what_should_have_ended_already_goes_on(ec: ExperimentController) -> None:
    rm = stand_in(ec, None)
    ec.deploy()
    ec.wait_started(rm.guid)
    rm.end_after(-1.0)
    assert rm.state is STARTED
