"""Who waits for which resource: found by the one that moves, and forgotten in time."""

from nepishell import ExperimentController, ResourceState
from nepishell.testing import advance

STARTED = ResourceState.STARTED


def add(ec: ExperimentController, count: int) -> list[int]:
    return [ec.register_resource("test::Recorder") for _ in range(count)]


def test_a_wait_is_known_under_each_that_it_waits_for(ec: ExperimentController) -> None:
    guids = add(ec, 3)
    ec.register_condition(guids, "start", guids, "READY", "1h")
    ec.deploy()
    advance(ec)
    rms = [ec._rm(guid) for guid in guids]
    wait = ec._life.begin_wait(rms, STARTED, None, False)
    assert ec._life._waits == dict.fromkeys(guids, (wait,))
    ec._life.end_wait(wait)

    assert (ec._life._waits, ec._scheduler.waiters) == ({}, 0)


def test_ending_a_wait_leaves_those_of_others(ec: ExperimentController) -> None:
    guids = add(ec, 1)
    ec.register_condition(guids, "start", guids, "READY", "1h")
    ec.deploy()
    advance(ec)
    rms = [ec._rm(guid) for guid in guids]
    one, two = (ec._life.begin_wait(rms, STARTED, None, False) for _ in range(2))
    ec._life.end_wait(one)
    assert ec._life._waits == {guids[0]: (two,)}
    ec._life.end_wait(one)
    ec._life.end_wait(two)

    assert ec._scheduler.waiters == 0


def test_a_wait_that_is_over_at_once_is_not_known(ec: ExperimentController) -> None:
    guids = add(ec, 1)
    ec.deploy()
    ec.wait_started(guids)
    wait = ec._life.begin_wait([ec._rm(guids[0])], STARTED, None, False)

    assert wait.done.is_set()
    assert ec._life._waits == {}
