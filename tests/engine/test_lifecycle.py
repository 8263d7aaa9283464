"""The only writer of states."""

from threading import Event

import pytest

from nepishell import (
    Attribute,
    ExperimentController,
    Flags,
    ResourceFactory,
    ResourceManager,
    ResourceState,
    WrongState,
)
from nepishell.core.events import AttributeSet, RunAborted, StateChanged
from nepishell.core.states import MOVES
from nepishell.testing import EventLog, Recorder, advance, calls, virtual

READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED
FAILED, RELEASED = ResourceState.FAILED, ResourceState.RELEASED
SECRET = Attribute("password", "opens the door", flags=Flags.Credential)

#: how to get a new resource into each state
PATHS = {
    ResourceState.NEW: [],
    ResourceState.DISCOVERED: [1],
    ResourceState.PROVISIONED: [2],
    READY: [3],
    STARTED: [3, 4],
    STOPPED: [3, 4, 5],
    FAILED: [6],
    RELEASED: [7],
}


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


@pytest.mark.parametrize("old", ResourceState)
@pytest.mark.parametrize("new", ResourceState)
def test_moves_exactly_as_the_table_says(
    ec: ExperimentController, old: ResourceState, new: ResourceState
) -> None:
    rm = ec._rm(add(ec)[0])
    for step in PATHS[old]:
        ec._life.move(rm, ResourceState(step))
    version = ec._life.version
    if new in MOVES[old]:
        ec._life.move(rm, new)
        assert rm.state is new
        return
    with pytest.raises(WrongState, match=f"is {old.name}: it cannot become {new.name}"):
        ec._life.move(rm, new)
    assert (rm.state, ec._life.version) == (old, version)


def test_an_illegal_move_says_what_would_be_possible(ec: ExperimentController) -> None:
    rm = ec._rm(add(ec)[0])
    ec._life.move(rm, RELEASED)

    with pytest.raises(WrongState) as caught:
        ec._life.move(rm, STARTED)
    assert str(caught.value) == (
        "resource 1 (recorder1) is RELEASED: it cannot become STARTED (from RELEASED: nothing)"
    )


def test_a_deployment_goes_through_every_state(ec: ExperimentController, log: EventLog) -> None:
    (guid,) = add(ec, run_for="5s")
    ec.deploy()
    ec.wait_finished(guid)
    ec.release(guid)

    assert log.of(StateChanged) == [
        (0.0, guid, ResourceState.NEW, ResourceState.DISCOVERED, ""),
        (0.0, guid, ResourceState.DISCOVERED, ResourceState.PROVISIONED, ""),
        (0.0, guid, ResourceState.PROVISIONED, READY, ""),
        (0.0, guid, READY, STARTED, ""),
        (5.0, guid, STARTED, STOPPED, ""),
        (5.0, guid, STOPPED, RELEASED, ""),
    ]


def test_nobody_starts_before_all_of_the_group_are_ready(ec: ExperimentController) -> None:
    guids = add(ec, 3)
    ec.register_condition(guids[2], "deploy", guids[1], "READY", "10s")
    ec.deploy()
    ec.wait_started(guids)

    starts = {call.at for call in calls(ec) if call.hook == "do_start"}
    assert starts == {10.0}


def test_all_start_the_moment_the_last_is_ready(ec: ExperimentController) -> None:
    # a barrier that looked once a second started them up to a second late, and looked for ever
    guids = add(ec, 20)
    ec.deploy()
    ec.wait_started(guids)

    assert ec.clock.now() == 0.0
    assert ec._scheduler.heap.pending == set()


def test_without_a_barrier_each_starts_when_it_is_ready(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, "deploy", one, "READY", "10s")
    ec.deploy(wait_all_ready=False)
    ec.wait_started([one, two])

    assert [c.at for c in calls(ec) if c.hook == "do_start"] == [0.0, 10.0]


def test_one_that_failed_does_not_hold_up_the_others(ec: ExperimentController) -> None:
    bad, good = add(ec, fail_in="do_deploy", critical=False), add(ec, 2)
    ec.deploy()

    assert ec.wait_started(good)
    assert ec.state(bad[0]) is FAILED


def test_one_that_was_released_does_not_hold_up_the_others(ec: ExperimentController) -> None:
    one, two, three = add(ec, 3)
    ec.register_condition(one, "deploy", two, "READY", "1h")
    ec.deploy()
    ec.wait_deployed([two, three])
    ec.release(one)

    assert ec.wait_started([two, three])
    assert ec.clock.now() == 0.0


def test_who_waits_forgets_nothing_behind(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, "start", one, "STARTED", "1h")
    ec.register_condition(two, "stop", one, "STOPPED", "1h")
    ec.deploy()
    ec.wait_started(one)
    ec.release(two)
    rm = ec._rm(one)

    assert ec._scheduler.heap.pending == set()
    assert all(watch.gate.opened for watch in rm._watches or ())
    assert ec._rm(two)._gates == []


def test_a_wrong_state_keeps_nothing_busy(ec: ExperimentController) -> None:
    # a FAILED or STARTED resource re-queued its start twice a second until shutdown
    bad, good = add(ec, fail_in="do_start", critical=False), add(ec)
    ec.deploy()
    ec.wait_started(good)
    advance(ec, 10)

    assert ec._scheduler.heap.pending == set()
    assert calls(ec).of(bad[0]).count("do_start") == 1


def test_an_abort_is_told_once_and_starts_nothing_more(
    ec: ExperimentController, log: EventLog
) -> None:
    (bad,), (slow,) = add(ec, fail_in="do_start"), add(ec)
    ec.register_condition(slow, "start", slow, "READY", "10s")
    ec.deploy()
    ec.wait_started(slow)
    advance(ec, 100)

    assert log.of(RunAborted) == [(0.0, bad)]
    assert ec.state(slow) is READY


def test_releasing_what_failed_lets_the_rest_go_on(ec: ExperimentController) -> None:
    (bad,), (slow,) = add(ec, fail_in="do_start"), add(ec)
    ec.register_condition(slow, "start", slow, "READY", "10s")
    ec.deploy()
    assert ec.wait_started(slow).aborted
    advance(ec, 100)
    ec.release(bad)

    assert not ec.abort
    assert ec.wait_started(slow)


def test_after_a_recovery_more_can_be_deployed(ec: ExperimentController) -> None:
    bad = add(ec, fail_in="do_deploy")
    ec.deploy()
    ec.wait_started(bad)
    more = add(ec, 2)
    ec.deploy(more)
    assert ec.wait_started(more).aborted
    ec.release(bad)

    assert ec.wait_started(more)


def test_one_of_two_failures_released_is_no_recovery(ec: ExperimentController) -> None:
    one, two = add(ec, 2, fail_in="do_deploy")
    ec.deploy()
    ec.wait([one, two], "FAILED", timeout="1h")
    advance(ec)
    ec.release(one)
    assert ec.abort

    ec.release(two)
    assert not ec.abort


def test_a_stop_condition_acts_once_and_what_is_started_by_hand_again_runs(
    ec: ExperimentController,
) -> None:
    (one,) = add(ec)
    ec.register_condition(one, "stop", one, "STARTED", "10s")
    ec.deploy()
    ec.wait_finished(one)
    ec.start(one)
    advance(ec, 100)

    assert ec.state(one) is STARTED


def test_values_are_told_and_secrets_are_not(ec: ExperimentController, log: EventLog) -> None:
    class Door(ResourceManager):
        rtype = "test::Door"

        @classmethod
        def _register_attributes(cls) -> None:
            cls._register_attribute(SECRET)

    ResourceFactory.register_type(Door)
    guid = ec.register_resource("test::Door", password="sesame")

    assert [event.value for event in log.of(AttributeSet)] == ["(hidden)"]
    assert ec.get(guid, "password") == "sesame"


def test_blocked_deployments_do_not_hold_up_stops_and_releases() -> None:
    class Slow(Recorder):
        rtype = "test::Slow"

        def do_deploy(self) -> None:
            began.set()
            go_on.wait(20)
            super().do_deploy()

    began, go_on = Event(), Event()
    with virtual(nthreads=1) as ec:
        ResourceFactory.register_type(Slow)
        one, two = add(ec, 2)
        ec.deploy([one, two])
        ec.wait_started([one, two])
        ec.deploy(ec.register_resource("test::Slow"))
        began.wait(20)
        ec.register_condition(two, "stop", one, "STARTED")
        assert ec.wait_finished(two)
        assert ec.release(one)
        go_on.set()
