"""What waits for what."""

import pytest

from nepishell import (
    ExperimentController,
    ResourceAction,
    ResourceFactory,
    ResourceManager,
    ResourceState,
)
from nepishell.core.events import ConditionAdded
from nepishell.testing import EventLog, advance, calls

DEPLOY, START, STOP = ResourceAction
STARTED, FAILED = ResourceState.STARTED, ResourceState.FAILED


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


def start_time(ec: ExperimentController, guid: int) -> float | None:
    return ec._rm(guid)._stamps[STARTED]


# -- conditions that hold ------------------------------------------------------------------------


def test_starts_after_another_and_a_while_longer(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, STARTED, "5s")
    ec.deploy()
    ec.wait_started(two)

    assert (start_time(ec, one), start_time(ec, two)) == (0.0, 5.0)


def test_starts_after_the_end_of_another(ec: ExperimentController) -> None:
    (one,), (two,) = add(ec, run_for="10s"), add(ec)
    ec.register_condition(two, "start", one, "STOPPED")
    ec.deploy()
    ec.wait_started(two)

    assert start_time(ec, two) == 10.0


def test_counts_the_delay_from_the_last_of_the_group(ec: ExperimentController) -> None:
    one, two, three = add(ec, 3)
    ec.register_condition(two, START, one, STARTED, "20s")
    ec.register_condition(three, START, [one, two], STARTED, "5s")
    ec.deploy()
    ec.wait_started(three)

    assert start_time(ec, three) == 25.0


def test_all_conditions_of_an_action_must_hold(ec: ExperimentController) -> None:
    one, two, three = add(ec, 3)
    ec.register_condition(three, START, one, STARTED, "30s")
    ec.register_condition(three, START, two, STARTED, "10s")
    ec.deploy()
    ec.wait_started(three)

    assert start_time(ec, three) == 30.0


def test_deploys_after_another(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, DEPLOY, one, "READY", "3s")
    ec.deploy()
    ec.wait_deployed([one, two])

    assert {call.at for call in calls(ec) if call.guid == two} == {3.0}


def test_stops_a_while_after_its_own_start(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.register_condition(one, STOP, one, STARTED, "10s")
    ec.deploy()

    assert ec.wait_finished(one)
    assert ec.clock.now() == 10.0


def test_without_a_stop_condition_nothing_stops_it(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.deploy()
    ec.wait_started(one)
    advance(ec, 10_000)

    assert ec.state(one) is STARTED


@pytest.mark.parametrize("state", ["NEW", "DISCOVERED", "PROVISIONED"])
def test_a_state_that_was_skipped_counts_from_the_next_one(
    ec: ExperimentController, state: str
) -> None:
    class Hasty(ResourceManager):
        rtype = "test::Hasty"

        def do_deploy(self) -> None:
            self.set_ready()

    ResourceFactory.register_type(Hasty)
    one, (two,) = ec.register_resource("test::Hasty"), add(ec)
    ec.register_condition(two, START, one, state, "4s")
    ec.deploy()

    assert ec.wait_started([one, two])
    assert start_time(ec, two) == 4.0


def test_a_delay_counts_from_the_past_when_the_condition_comes_late(
    ec: ExperimentController,
) -> None:
    one, two = add(ec, 2)
    ec.deploy(one)
    ec.wait_started(one)
    advance(ec, 8)
    ec.register_condition(two, START, one, STARTED, "10s")
    ec.deploy(two)
    ec.wait_started(two)

    assert start_time(ec, two) == 10.0


def test_a_condition_on_what_runs_again_waits_for_its_next_stop(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.deploy(one)
    ec.wait_started(one)
    ec.stop(one)
    ec.start(one)
    ec.register_condition(two, START, one, "STOPPED")
    ec.deploy(two)
    ec.wait_deployed(two)
    ec.schedule("5s", lambda: ec.stop(one))
    ec.wait_started(two)

    assert start_time(ec, two) == 5.0


def test_what_was_released_while_it_ran_has_stopped(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, "STOPPED")
    ec.deploy()
    ec.wait_started(one)
    ec.release(one)

    assert ec.wait_started(two)


def test_what_was_released_before_the_deployment_has_stopped_too(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, "STOPPED")
    ec.deploy(one)
    ec.wait_started(one)
    ec.release(one)
    ec.deploy(two)

    assert ec.wait_started(two)


def test_waits_for_a_release(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, "RELEASED")
    ec.deploy()
    ec.wait_started(one)
    ec.schedule("5s", lambda: ec.release(one))
    ec.wait_started(two)

    assert start_time(ec, two) == 5.0


# -- conditions that fail ------------------------------------------------------------------------


def test_a_failure_that_does_not_matter_counts_as_met(ec: ExperimentController) -> None:
    (one,), (two,) = add(ec, fail_in="do_start", critical=False), add(ec)
    ec.register_condition(two, START, one, STARTED, "5s")
    ec.deploy()

    assert ec.wait_started(two)
    assert ec.state(one) is FAILED


def test_a_failure_that_matters_fails_who_waits(ec: ExperimentController) -> None:
    (one,), (two,) = add(ec, fail_in="do_start"), add(ec)
    ec.register_condition(two, START, one, STARTED)
    ec.deploy()
    ec.wait(two, "FAILED", timeout="1h")
    advance(ec)

    assert ec.failure(two) == (
        "waited for 1 (recorder1) STARTED, which is FAILED: do_start was told to fail"
    )


def test_a_released_target_fails_who_waits(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(one, START, two, STARTED)
    ec.register_condition(two, START, two, "READY", "1h")
    ec.deploy()
    ec.wait_deployed([one, two])
    ec.release(two)
    ec.wait(one, "FAILED")

    assert ec.failure(one) == "waited for 2 (recorder2) STARTED, which is RELEASED"


# -- conditions that come and go -----------------------------------------------------------------


def test_a_condition_may_be_added_while_another_still_holds_back(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, STARTED, "10s")
    ec.deploy()
    ec.wait_started(one)
    ec.register_condition(two, START, one, STARTED, "20s")
    ec.wait_started(two)

    assert start_time(ec, two) == 20.0


def test_taking_the_condition_away_lets_it_start(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, STARTED, "1h")
    ec.deploy()
    ec.wait_started(one)
    ec.unregister_condition(two, START)
    ec.wait_started(two)

    assert start_time(ec, two) == 0.0
    assert ec._scheduler.heap.pending == set()


def test_a_stop_condition_may_come_while_it_runs(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.deploy()
    ec.wait_started(one)
    ec.register_condition(one, STOP, one, STARTED, "5s")
    ec.wait_finished(one)

    assert ec.clock.now() == 5.0


def test_taking_the_stop_condition_away_does_not_stop_it(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.register_condition(one, STOP, one, STARTED, "5s")
    ec.deploy()
    ec.wait_started(one)
    ec.unregister_condition(one)
    advance(ec, 100)

    assert ec.state(one) is STARTED


def test_taking_the_start_condition_of_a_stopped_one_away_does_not_start_it(
    ec: ExperimentController,
) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, STARTED)
    ec.deploy()
    ec.wait_started(two)
    ec.stop(two)
    ec.unregister_condition(two)
    advance(ec, 100)

    assert ec.state(two) is ResourceState.STOPPED


def test_only_the_named_condition_is_taken_away(ec: ExperimentController) -> None:
    one, two, three = add(ec, 3)
    ec.register_condition(three, START, one, STARTED)
    ec.register_condition(three, START, two, STARTED)
    ec.register_condition(three, STOP, two, "STOPPED")
    ec.unregister_condition(three, START, one)

    assert [str(condition) for condition in ec.conditions(three)] == [
        "start after 2 STARTED",
        "stop after 2 STOPPED",
    ]


def test_conditions_are_told(ec: ExperimentController, log: EventLog) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, "start", one, "started", 2.5)

    assert log.of(ConditionAdded) == [(0.0, two, START, (1,), STARTED, 2.5)]
