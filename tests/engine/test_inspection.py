"""Looking at an experiment."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from nepishell import BadValue, ExperimentController, ResourceState, TraceAttr, UnknownName
from nepishell.testing import advance


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


def test_finds_resources_by_exactly_their_type(ec: ExperimentController) -> None:
    add(ec, 2)
    node = ec.register_resource("test::Node")  # a Recorder, too

    assert ec.filter_resources("test::Recorder") == [1, 2]
    assert [rm.guid for rm in ec.get_resources_by_type("test::Node")] == [node]
    assert ec.filter_resources("test::Nothing") == []


def test_an_unknown_guid_is_no_resource(ec: ExperimentController) -> None:
    assert ec.get_resource(99) is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda ec: ec.state(99),
        lambda ec: ec.failure(99),
        lambda ec: ec.story(99),
        lambda ec: ec.label(99),
        lambda ec: ec.get_attributes(99),
        lambda ec: ec.get_attribute(99, "word"),
        lambda ec: ec.get_attribute(1, "wrod"),
        lambda ec: ec.connections(99),
        lambda ec: ec.conditions(99),
        lambda ec: ec.get_traces(99),
        lambda ec: ec.get_start_time(99),
        lambda ec: ec.trace_dir(99),
        lambda ec: ec.waiting_for(99),
        lambda ec: ec.get(99, "word"),
        lambda ec: ec.get(1, "wrod"),
    ],
)
def test_what_does_not_exist_is_an_error_that_names_it(
    ec: ExperimentController, ask: Callable[[ExperimentController], object]
) -> None:
    add(ec)

    with pytest.raises(UnknownName, match=r"'99'|'wrod'"):
        ask(ec)


def test_a_state_reads_as_number_or_name(ec: ExperimentController) -> None:
    (one,) = add(ec)

    assert (ec.state(one), ec.state(one, hr=True)) == (0, "NEW")


def test_tells_the_story_of_a_resource(ec: ExperimentController) -> None:
    (one,) = add(ec, run_for="5s", fail_in="do_stop")
    ec.deploy()
    ec.wait(one, "FAILED")

    assert [(move.at, move.new.name, move.reason) for move in ec.story(one)] == [
        (0.0, "DISCOVERED", ""),
        (0.0, "PROVISIONED", ""),
        (0.0, "READY", ""),
        (0.0, "STARTED", ""),
        (5.0, "FAILED", "do_stop was told to fail"),
    ]


def test_the_seven_times_are_aware_and_those_of_the_run(ec: ExperimentController) -> None:
    (one,) = add(ec, run_for="5s")
    ec.deploy()
    ec.wait_finished(one)
    start, stop = ec.get_start_time(one), ec.get_stop_time(one)

    assert start is not None
    assert stop is not None
    assert stop - start == timedelta(seconds=5)
    assert None not in (
        ec.get_discover_time(one), ec.get_provision_time(one), ec.get_ready_time(one),
    )  # fmt: skip
    assert (ec.get_release_time(one), ec.get_failed_time(one)) == (None, None)


def test_traces_are_those_that_the_type_declares(ec: ExperimentController) -> None:
    (one,) = add(ec)

    assert [trace.name for trace in ec.get_traces(one)] == ["stdout", "stderr"]
    assert ec.trace(one, "stdout", TraceAttr.SIZE) is None
    with pytest.raises(BadValue, match="'length' is not a view of a trace"):
        ec.trace(one, "stdout", "length")


# -- snapshots -----------------------------------------------------------------------------------


def test_a_snapshot_is_the_same_until_something_changes(ec: ExperimentController) -> None:
    add(ec)
    one = ec.snapshot()

    assert ec.snapshot() is one
    add(ec)
    assert ec.snapshot() is not one


@pytest.mark.parametrize(
    "change",
    [
        lambda ec: ec.set_label(1, "web"),
        lambda ec: ec.set(1, "word", "hello"),
        lambda ec: ec.register_connection(1, 2),
        lambda ec: ec.register_condition(1, "start", 2, "STARTED"),
        lambda ec: ec.deploy(1),
        lambda ec: ec.release(1),
        lambda ec: ec.remove_resource(1),
    ],
)
def test_every_change_makes_a_new_one(
    ec: ExperimentController, change: Callable[[ExperimentController], object]
) -> None:
    add(ec, 2)
    before = ec.snapshot()
    change(ec)

    assert ec.snapshot().version > before.version


def test_a_snapshot_shows_what_a_listing_shows(ec: ExperimentController) -> None:
    guid = ec.register_resource("test::Recorder", label="web", fail_in="do_start")
    ec.deploy()
    ec.wait_started(guid)
    advance(ec)
    (row,) = ec.snapshot().resources

    assert row == (1, "test::Recorder", "web", ResourceState.FAILED, 1, "do_start was told to fail")


def test_an_abort_is_in_the_next_snapshot(ec: ExperimentController) -> None:
    # the level changes after the move: a snapshot taken between must not be kept
    (one,) = add(ec, fail_in="do_start")
    ec.bus.subscribe(lambda event: ec.snapshot())
    ec.deploy()
    ec.wait_started(one)
    advance(ec)
    ec.bus.drain()
    assert ec.snapshot().failure_level.name == "RM_FAILURE"

    ec.release(one)
    assert ec.snapshot().failure_level.name == "OK"


def test_the_end_is_in_the_last_snapshot(ec: ExperimentController) -> None:
    ec.deploy(add(ec))
    ec.release()
    assert ec.snapshot().ecstate.name == "RELEASED"
    ec.shutdown()
    assert ec.snapshot().ecstate.name == "TERMINATED"
