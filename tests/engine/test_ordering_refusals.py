"""What could never hold is refused, and settings that wait."""

import pytest

from nepishell import (
    Attribute,
    BadValue,
    ExperimentController,
    Flags,
    Peer,
    ResourceAction,
    ResourceFactory,
    ResourceManager,
    ResourceState,
    UnknownName,
    WrongState,
)
from nepishell.core.events import Noted
from nepishell.testing import EventLog, advance, calls

DEPLOY, START, STOP = ResourceAction
STARTED, FAILED = ResourceState.STARTED, ResourceState.FAILED


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


def start_time(ec: ExperimentController, guid: int) -> float | None:
    return ec._rm(guid)._stamps[STARTED]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ((99, "start", 1, "STARTED"), UnknownName),
        ((1, "start", 99, "STARTED"), UnknownName),
        (([1, 99], "start", 2, "STARTED"), UnknownName),
        ((1, "run", 2, "STARTED"), UnknownName),
        ((1, "start", 2, "RUNNING"), UnknownName),
        ((1, "start", 2, "STARTED", "soon"), BadValue),
        ((1, "start", 2, "STARTED", -1), BadValue),
        ((1, "start", [], "STARTED"), BadValue),
        ((1, "start", 1, "STARTED"), BadValue),
        ((1, "start", 1, "STOPPED", "5s"), BadValue),
        (([1, 2], "start", 2, "STARTED"), BadValue),
    ],
)
def test_a_wrong_condition_is_an_error_and_changes_nothing(
    ec: ExperimentController, log: EventLog, args: tuple[object, ...], error: type[Exception]
) -> None:
    add(ec, 2)
    log.clear()

    with pytest.raises(error):
        ec.register_condition(*args)  # type: ignore[arg-type]
    assert [ec.conditions(1), ec.conditions(2), log.events] == [[], [], []]


def test_a_condition_of_nobody_changes_nothing(ec: ExperimentController) -> None:
    add(ec, 2)
    ec.register_condition([], START, 1, STARTED)

    assert [ec.conditions(1), ec.conditions(2)] == [[], []]


def test_a_circle_is_named(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(one, START, two, STARTED)

    with pytest.raises(BadValue) as caught:
        ec.register_condition(two, START, one, STARTED)
    assert str(caught.value) == (
        "this condition would wait for itself: "
        "recorder2 STARTED waits for recorder1 STARTED waits for recorder2 STARTED"
    )


def test_a_circle_through_the_needs_of_a_type_is_found(ec: ExperimentController) -> None:
    node, app = ec.register_resource("test::Node"), ec.register_resource("test::App")
    ec.register_connection(node, app)

    with pytest.raises(BadValue, match="node1 READY waits for app2 READY waits for node1 READY"):
        ec.register_condition(node, DEPLOY, app, "READY")
    assert ec.conditions(node) == []


def test_a_connection_that_closes_a_circle_is_refused(ec: ExperimentController) -> None:
    node, app = ec.register_resource("test::Node"), ec.register_resource("test::App")
    ec.register_condition(node, DEPLOY, app, "READY")

    with pytest.raises(BadValue, match="would wait for each other"):
        ec.register_connection(app, node)
    assert ec.connections(app) == ec.connections(node) == []


def test_types_that_need_each_other_cannot_be_connected(ec: ExperimentController) -> None:
    class Twin(ResourceManager):
        rtype = "test::Twin"
        other = Peer("test::Twin")

    ResourceFactory.register_type(Twin)
    one, two = ec.register_resource("test::Twin"), ec.register_resource("test::Twin")

    with pytest.raises(BadValue, match="would wait for each other"):
        ec.register_connection(one, two)


def test_who_deploys_after_the_start_of_his_own_group_is_refused(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, DEPLOY, one, STARTED)

    with pytest.raises(BadValue, match="all of a deployment start together, so recorder2 would"):
        ec.deploy([one, two])
    assert ec._groups == {}
    assert ec._rm(one).deployment_group is None
    ec.deploy(one)
    ec.deploy(two)
    assert ec.wait_started([one, two])


def test_without_a_barrier_he_is_not(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, DEPLOY, one, STARTED)
    ec.deploy([one, two], wait_all_ready=False)

    assert ec.wait_started([one, two])


def test_a_released_target_is_refused(ec: ExperimentController) -> None:
    one, two = add(ec, 2, critical=False)
    ec.release(one)

    with pytest.raises(BadValue) as caught:
        ec.register_condition(two, START, one, STARTED)
    assert str(caught.value) == "recorder1 is RELEASED: it will never become STARTED"


def test_a_target_that_had_it_before_it_was_released_is_not(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.deploy(one)
    ec.wait_started(one)
    ec.release(one)
    ec.register_condition(two, START, one, STARTED)
    ec.deploy(two)

    assert ec.wait_started(two)


def test_a_failed_critical_target_is_refused(ec: ExperimentController) -> None:
    (one,), (two,) = add(ec, fail_in="do_deploy"), add(ec)
    ec.deploy(one)
    ec.wait(one, "FAILED")

    with pytest.raises(BadValue, match="is FAILED: it will never become STARTED"):
        ec.register_condition(two, START, one, STARTED)


@pytest.mark.parametrize("action", ["deploy", "start"])
def test_what_is_done_cannot_be_held_back(ec: ExperimentController, action: str) -> None:
    one, two = add(ec, 2)
    ec.deploy(one)
    ec.wait_started(one)

    with pytest.raises(WrongState, match=r"resource 1 \(recorder1\) is STARTED already"):
        ec.register_condition(one, action, two, "READY")


def test_a_removed_resource_does_not_break_later_conditions(ec: ExperimentController) -> None:
    one, two, three = add(ec, 3)
    ec.register_condition(two, START, one, "RELEASED")
    ec.release(one)
    ec.remove_resource(one)
    ec.register_condition(three, START, two, STARTED)

    assert len(ec.conditions(three)) == 1


# -- settings that wait --------------------------------------------------------------------------


def test_a_late_setting_may_be_given_as_a_person_writes_it(ec: ExperimentController) -> None:
    one, two = ec.register_resource("netns::Link"), add(ec, 1)[0]
    ec.set_with_conditions("delay", "1500us", one, two, STARTED)
    (gate,) = ec._rm(one)._gates or ()
    assert gate.what == "set delay to 1.5ms"


def test_sets_an_attribute_once_others_got_there(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(two, START, one, STARTED, "10s")
    ec.deploy()
    ec.set_with_conditions("word", "hello", one, two, STARTED, "5s")
    ec.wait_started([one, two])
    advance(ec, 4.5)
    assert ec.get(one, "word") == ""
    advance(ec, 0.5)

    assert ec.get(one, "word") == "hello"
    assert (15.0, "word=hello", one) in calls(ec)


def test_a_setting_whose_target_does_not_run_is_told_and_not_made(
    ec: ExperimentController, log: EventLog
) -> None:
    (one,), (two,) = add(ec, run_for="1s"), add(ec)
    ec.deploy()
    ec.set_with_conditions("word", "hello", one, two, STARTED, "5s")
    ec.wait_finished(one)
    advance(ec, 10)

    assert ec.get(one, "word") == ""
    assert "word was not set: it is STOPPED, not STARTED" in [n.text for n in log.of(Noted)]


def test_a_setting_that_is_refused_is_told_and_fails_nobody(
    ec: ExperimentController, log: EventLog
) -> None:
    one, two = add(ec, 2)
    ec.deploy()
    ec.wait_started([one, two])
    ec.set_with_conditions("word", "refuse", one, two, STARTED)
    advance(ec)

    assert (ec.state(one), ec.get(one, "word")) == (STARTED, "")
    assert "word was not set: word cannot become refuse" in [n.text for n in log.of(Noted)]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (("nothing", "x", 1, 2, "STARTED"), UnknownName),
        (("word", 5, 1, 2, "STARTED"), BadValue),
        (("word", "x", 1, [], "STARTED"), BadValue),
        (("word", "x", 1, 2, "STARTED", "soon"), BadValue),
        (("run_for", "5s", 1, 2, "STARTED"), WrongState),
        (("critical", False, 1, 2, "STARTED"), WrongState),
    ],
)
def test_a_wrong_setting_is_an_error(
    ec: ExperimentController, args: tuple[object, ...], error: type[Exception]
) -> None:
    add(ec, 2)

    with pytest.raises(error):
        ec.set_with_conditions(*args)  # type: ignore[arg-type]
    assert ec._rm(2)._watches is None


def test_what_is_for_reading_only_cannot_be_set_later_either(ec: ExperimentController) -> None:
    class Meter(ResourceManager):
        rtype = "test::Meter"
        reading = Attribute(int, flags=Flags.NoWrite)

    ResourceFactory.register_type(Meter)
    one = ec.register_resource("test::Meter")

    with pytest.raises(WrongState, match=r"test::Meter\.reading is set never"):
        ec.set_with_conditions("reading", 5, one, one, STARTED)
