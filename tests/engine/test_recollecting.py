"""What held resources back, asked of the past, is what it was when it was asked then."""

from collections.abc import Sequence

import pytest

from nepishell import ExperimentController, ResourceAction, ResourceState, VirtualClock
from nepishell.core.events import Event
from nepishell.engine.reasons import Fact, chain
from nepishell.engine.recollecting import forget, recollect
from nepishell.journal.resuming import remembered
from nepishell.journal.world import fold
from nepishell.testing import EventLog, advance, virtual

READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED
START, STOP = ResourceAction.START, ResourceAction.STOP


def remembered_at(told: Sequence[Event], at: float) -> ExperimentController:
    """A controller of what *told* events came to at *at* seconds."""
    clock = VirtualClock()
    clock.jump(at)
    ec = ExperimentController("exp", clock=clock)
    world = fold(told, at)
    assert recollect(ec, map(remembered, world.resources.values()), world.groups) == []
    return ec


def facts(ec: ExperimentController, guid: int) -> list[Fact]:
    return [fact._replace(text="") for fact in chain(ec, guid)]


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0, 2.5, 4.0, 7.5, 12.0])
def test_why_is_the_same_then_and_later(at: float) -> None:
    with virtual("exp") as ec:
        log = EventLog(ec.bus)
        one = ec.register_resource("test::Recorder", run_for=5.0)
        two = ec.register_resource("test::Recorder")
        three = ec.register_resource("test::Recorder")
        idle = ec.register_resource("test::Recorder")
        ec.register_condition([two], ResourceAction.DEPLOY, [one], STARTED, 1.0)
        ec.register_condition([three], START, [one], STOPPED, 2.0)
        ec.register_condition([two], STOP, [three], STARTED, 9.0)
        ec.deploy([one])
        ec.deploy([two, three])
        advance(ec, at)
        ec.bus.drain()
        # without the releases, which take no time here
        told = list(log.events)
        then = {guid: facts(ec, guid) for guid in (one, two, three, idle)}
    past = remembered_at(told, at)
    try:
        assert {guid: facts(past, guid) for guid in then} == then
    finally:
        forget(past)


def test_a_run_that_was_aborted_is_told_so() -> None:
    with virtual("exp") as ec:
        log = EventLog(ec.bus)
        bad = ec.register_resource("test::Recorder", label="bad", fail_in="do_deploy")
        other = ec.register_resource("test::Recorder")
        ec.register_condition([other], START, [bad], STARTED)
        ec.deploy()
        advance(ec, 1.0)
        ec.bus.drain()
        told = list(log.events)
        then = facts(ec, bad)
    past = remembered_at(told, 1.0)
    try:
        assert past.abort
        assert facts(past, bad) == then
    finally:
        forget(past)


def test_a_type_that_is_not_known_is_a_warning_and_the_rest_is_there() -> None:
    with virtual("exp") as ec:
        log = EventLog(ec.bus)
        one = ec.register_resource("test::Recorder")
        two = ec.register_resource("test::Recorder", label="odd")
        ec.register_connection(one, two)
        ec.bus.drain()
    world = fold(log.events)
    for past in world.resources.values():
        past.state = ResourceState.NEW
    world.resources[two].rtype = "test::Unheard"
    ec = ExperimentController("exp", clock=VirtualClock())
    warnings = recollect(ec, map(remembered, world.resources.values()), world.groups)
    assert [warning.partition(":")[0] for warning in warnings] == ["odd is left out"]
    assert list(ec.resources) == [one]
    forget(ec)
