"""Waits return whether all got there, and who did not."""

from threading import Thread

import pytest

from nepishell import BadValue, ExperimentController, ResourceState, UnknownName, WrongState
from nepishell.engine.waits import WaitResult
from nepishell.testing import advance, virtual

STARTED = ResourceState.STARTED


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


def test_a_wait_that_is_reached_is_true_and_names_nobody(ec: ExperimentController) -> None:
    guids = add(ec, 3)
    ec.deploy()

    result = ec.wait_started(guids)
    assert result == WaitResult(state=STARTED)
    assert result


def test_names_who_failed_and_why(ec: ExperimentController) -> None:
    good, bad = add(ec), add(ec, fail_in="do_start", critical=False)
    ec.deploy()
    result = ec.wait_started([*good, *bad])

    assert not result
    assert (result.failed, result.pending, result.timed_out) == ((2,), (), False)
    assert result.reason == "2 (recorder2) FAILED at 0s: do_start was told to fail"


def test_waits_for_the_others_when_one_that_does_not_matter_failed(
    ec: ExperimentController,
) -> None:
    bad, slow = add(ec, fail_in="do_start", critical=False), add(ec)
    ec.register_condition(slow, "start", bad, "READY", "10s")
    ec.deploy()
    result = ec.wait_started([*bad, *slow])

    assert (result.failed, ec.clock.now()) == ((1,), 10.0)
    assert ec.state(slow[0]) is STARTED


def test_ends_at_once_when_the_run_is_aborted(ec: ExperimentController) -> None:
    bad, slow = add(ec, fail_in="do_start"), add(ec)
    ec.register_condition(slow, "start", bad, "READY", "10s")
    ec.deploy()
    result = ec.wait_started(slow)

    assert (result.aborted, result.pending, ec.clock.now()) == (True, (2,), 0.0)
    assert result.reason == (
        "the run was aborted; 1 (recorder1) FAILED at 0s: do_start was told to fail"
    )


def test_a_failed_resource_did_not_finish(ec: ExperimentController) -> None:
    (guid,) = add(ec, fail_in="do_stop", run_for="1s")
    ec.deploy()

    assert ec.wait_started(guid)
    assert ec.wait_finished(guid).failed == (guid,)
    assert ec.wait_started(guid)  # it was there before it failed


def test_what_was_released_while_it_ran_has_finished(ec: ExperimentController) -> None:
    (guid,) = add(ec)
    ec.deploy()
    ec.wait_started(guid)
    ec.release(guid)

    assert ec.wait_finished(guid)
    assert ec.wait_started(guid)


def test_what_was_released_before_it_ran_has_not(ec: ExperimentController) -> None:
    (guid,) = add(ec)
    ec.release(guid)

    assert ec.wait_started(guid).failed == (guid,)
    assert ec.wait_started(guid).reason == "1 (recorder1) is RELEASED"


def test_gives_up_after_the_timeout(ec: ExperimentController) -> None:
    (guid,) = add(ec)
    ec.deploy()
    ec.wait_started(guid)
    ec.schedule("1h", int)
    result = ec.wait_finished(guid, timeout="1m30s")

    assert (result.timed_out, result.pending, ec.clock.now()) == (True, (guid,), 90.0)
    assert result.reason == "not STOPPED after 1.5m: 1 (recorder1) is STARTED"


def test_a_timeout_of_nothing_only_looks(ec: ExperimentController) -> None:
    (guid,) = add(ec, run_for="5s")
    ec.deploy()
    ec.wait_started(guid)

    assert ec.wait_finished(guid, timeout=0).timed_out
    assert ec.clock.now() == 0.0


def test_a_timeout_that_did_not_run_out_leaves_no_timer(ec: ExperimentController) -> None:
    (guid,) = add(ec)
    ec.deploy()
    ec.wait_started(guid, timeout="1h")

    assert ec._scheduler.heap.pending == set()
    assert ec._life._waits == {}
    assert ec._scheduler.waiters == 0


@pytest.mark.parametrize("timeout", ["soon", -1, "5"])
def test_a_timeout_must_be_a_duration(ec: ExperimentController, timeout: str | float) -> None:
    (guid,) = add(ec)
    ec.deploy()

    with pytest.raises(BadValue):
        ec.wait_started(guid, timeout=timeout)


def test_waiting_for_nobody_is_over_at_once(ec: ExperimentController) -> None:
    add(ec)

    assert ec.wait_started([])


def test_waiting_for_the_same_one_twice_is_waiting_once(ec: ExperimentController) -> None:
    (guid,) = add(ec)
    ec.deploy()

    assert ec.wait_started([guid, guid])


@pytest.mark.parametrize("guids", [99, [1, 99], "web", None, 1.0, True])
def test_waiting_for_what_is_no_guid_is_an_error(ec: ExperimentController, guids: object) -> None:
    add(ec)
    ec.deploy()

    with pytest.raises(UnknownName, match="is not a guid; known: 1"):
        ec.wait_started(guids)  # type: ignore[arg-type]


def test_waiting_for_an_unknown_state_is_an_error(ec: ExperimentController) -> None:
    add(ec)

    with pytest.raises(UnknownName, match="is not a state"):
        ec.wait(1, "RUNNING")


@pytest.mark.parametrize("state", list(ResourceState)[:5])
def test_waits_for_any_state(ec: ExperimentController, state: ResourceState) -> None:
    (guid,) = add(ec)
    ec.deploy()

    assert ec.wait(guid, state.name.lower())


def test_waits_for_a_failure(ec: ExperimentController) -> None:
    (guid,) = add(ec, fail_in="do_start", critical=False)
    ec.deploy()

    assert ec.wait(guid, "FAILED")


def test_when_nothing_is_left_to_happen_it_is_an_error(ec: ExperimentController) -> None:
    (guid,) = add(ec)
    ec.deploy()
    ec.wait_started(guid)

    with pytest.raises(WrongState) as caught:
        ec.wait_finished(guid)
    assert str(caught.value) == ("nothing is left to happen, yet recorder1 did not become STOPPED")


def test_waiting_for_a_restart_to_stop_waits_for_the_second_stop(
    ec: ExperimentController,
) -> None:
    (guid,) = add(ec)
    ec.deploy()
    ec.wait_started(guid)
    ec.stop(guid)
    ec.start(guid)
    ec.schedule("7s", lambda: ec.stop(guid))

    assert ec.wait_finished(guid)
    assert ec.clock.now() == 7.0


def test_a_hook_cannot_wait(ec: ExperimentController) -> None:
    one = ec.register_resource("test::Scripted")
    rm = ec.get_resource(one)
    rm.script["do_start"] = lambda rm: ec.wait_started(one)  # type: ignore[union-attr]
    ec.deploy()
    ec.wait(one, "FAILED")

    assert ec.failure(one) == "a hook cannot wait for a resource: it would hold its worker"


def test_several_threads_wait_for_the_same(ec: ExperimentController) -> None:
    guids = add(ec, 5)
    ec.register_condition(guids[1:], "start", guids[0], "STARTED", "10s")
    results: list[WaitResult] = []
    threads = [Thread(target=lambda: results.append(ec.wait_started(guids))) for _ in range(5)]
    ec.deploy()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert [bool(result) for result in results] == [True] * 5


def test_a_wait_ends_when_what_it_waits_for_is_released_by_another() -> None:
    with virtual() as ec:
        (guid,) = add(ec)
        ec.deploy()
        ec.wait_started(guid)
        ec.schedule("5s", lambda: ec.release(guid))

        assert ec.wait_finished(guid)
        advance(ec)
        assert ec.state(guid) is ResourceState.RELEASED
