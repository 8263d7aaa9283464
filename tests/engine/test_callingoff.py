"""Taking deployments back."""

from threading import Event, Thread

import pytest

from nepishell import ExperimentController, ResourceState, WrongState
from nepishell.core.states import ResourceAction
from nepishell.engine.callingoff import CalledOff
from nepishell.testing import Scripted, advance, calls, virtual

NEW, READY, STARTED = ResourceState.NEW, ResourceState.READY, ResourceState.STARTED
DEPLOY, START, _ = ResourceAction


def add(ec: ExperimentController, count: int) -> list[int]:
    return [ec.register_resource("test::Recorder") for _ in range(count)]


def test_what_waits_to_be_built_is_not_and_can_be_deployed_anew(ec: ExperimentController) -> None:
    one, two, three = add(ec, 3)
    ec.register_condition(two, DEPLOY, one, STARTED, "10s")
    ec.deploy([one], group=1)
    ec.deploy([two, three], group=2)
    advance(ec, 1)
    assert ec.call_off([two, three]) == CalledOff(withdrawn=(two,), ready=(three,))
    advance(ec, 100)
    assert [ec.state(guid) for guid in (one, two, three)] == [STARTED, NEW, READY]
    assert calls(ec).of(two) == []
    ec.deploy([two])
    assert ec.wait_started(two)


def test_what_is_ready_stays_so_and_can_be_started_by_hand(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, ResourceState.STOPPED)
    ec.deploy([one, two])
    advance(ec)
    assert ec.call_off([one, two]) == CalledOff(ready=(two,), begun=(one,))
    ec.stop(one)
    advance(ec, 100)
    assert ec.state(two) is READY
    ec.start(two)
    assert ec.state(two) is STARTED


def test_others_of_the_group_do_not_wait_for_what_left_it(ec: ExperimentController) -> None:
    one, two, gone = add(ec, 3)
    ec.register_condition(gone, DEPLOY, one, ResourceState.RELEASED)
    ec.deploy([two, gone])
    advance(ec)
    assert ec.state(two) is READY
    ec.call_off([gone])
    advance(ec)
    assert (ec.state(two), ec.state(gone)) == (STARTED, NEW)


def test_a_hook_that_runs_runs_to_its_end_and_no_further() -> None:
    with virtual() as ec:
        guid = ec.register_resource("test::Scripted")
        rm = ec.get_resource(guid)
        assert isinstance(rm, Scripted)
        runs, may_end = Event(), Event()

        def build(rm: Scripted) -> None:
            runs.set()
            assert may_end.wait(20)
            rm.base("do_deploy")

        rm.script["do_deploy"] = build
        ec.deploy()
        assert runs.wait(20)
        assert ec.call_off([guid]) == CalledOff(finishing=(guid,))
        may_end.set()
        advance(ec, 10)
        assert ec.state(guid) is READY
        ec.start(guid)
        assert ec.state(guid) is STARTED


def test_what_waits_for_a_worker_does_not_begin() -> None:
    with virtual(nthreads=1) as ec:
        busy, late = (ec.register_resource("test::Scripted") for _ in range(2))
        first = ec.get_resource(busy)
        assert isinstance(first, Scripted)
        runs, may_end, built = Event(), Event(), []

        def build(rm: Scripted) -> None:
            runs.set()
            assert may_end.wait(20)
            rm.base("do_deploy")

        first.script["do_deploy"] = build
        second = ec.get_resource(late)
        assert isinstance(second, Scripted)
        second.script["do_discover"] = lambda rm: built.append(rm.guid)
        ec.deploy([busy], group=1)
        assert runs.wait(20)
        ec.deploy([late], group=2)
        assert ec.call_off([late]) == CalledOff(withdrawn=(late,))
        may_end.set()
        advance(ec, 10)
        assert (ec.state(busy), ec.state(late), built) == (STARTED, NEW, [])


def test_who_waits_is_told(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, ResourceState.STOPPED)
    ec.deploy()
    told: list[str] = []

    def wait() -> None:
        with pytest.raises(WrongState) as caught:
            ec.wait_started(two)
        told.append(str(caught.value))

    thread = Thread(target=wait)
    ec.schedule("1s", lambda: ec.call_off([two]))
    thread.start()
    thread.join(20)
    assert told == ["nothing is left to happen, yet recorder2 did not become STARTED"]


def test_what_is_done_is_left_alone(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.deploy()
    ec.wait_started([one, two])
    ec.release(two)
    assert ec.call_off([one, two]) == CalledOff(begun=(one, two))
    assert ec.state(one) is STARTED
