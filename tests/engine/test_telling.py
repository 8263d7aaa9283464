"""What the engine tells of a description: enough to write it down again."""

from nepishell import ExperimentController, ResourceAction, ResourceState
from nepishell.core.events import (
    ConditionRemoved,
    Deployed,
    Noted,
    SettingAwaited,
    SettingOver,
    TraceSwitched,
)
from nepishell.testing import EventLog, advance

STARTED = ResourceState.STARTED


def pair(ec: ExperimentController) -> tuple[int, int]:
    return ec.register_resource("test::Recorder"), ec.register_resource("test::Recorder")


def test_a_deployment_is_told_with_its_members(ec: ExperimentController, log: EventLog) -> None:
    one, two = pair(ec)
    group = ec.deploy(wait_all_ready=False)
    assert log.of(Deployed) == [(0.0, group, (one, two), False)]


def test_a_setting_that_waits_is_told_until_it_is_made(
    ec: ExperimentController, log: EventLog
) -> None:
    one, two = pair(ec)
    ec.deploy()
    ec.set_with_conditions("word", "hello", one, two, STARTED, "5s")
    assert log.of(SettingAwaited) == [(0.0, one, "word", "hello", (two,), STARTED, 5.0)]
    assert log.of(SettingOver) == []
    advance(ec, 5.0)
    assert log.of(SettingOver) == [(5.0, one, "word")]


def test_a_setting_that_is_undone_is_told(ec: ExperimentController, log: EventLog) -> None:
    one, two = pair(ec)
    with ec.recording() as change:
        ec.set_with_conditions("word", "hello", one, two, STARTED, "5s")
    ec.take_back(change)
    assert log.of(SettingOver) == [(0.0, one, "word")]


def test_a_condition_that_is_taken_back_is_told(ec: ExperimentController, log: EventLog) -> None:
    one, two = pair(ec)
    ec.register_condition(two, ResourceAction.START, one, STARTED, "2s")
    ec.unregister_condition(two)
    assert log.of(ConditionRemoved) == [(0.0, two, ResourceAction.START, (one,), STARTED, 2.0)]


def test_switching_a_trace_is_told_and_so_is_its_undoing(
    ec: ExperimentController, log: EventLog
) -> None:
    one, _ = pair(ec)
    with ec.recording() as change:
        ec.enable_trace(one, "stderr")
    ec.take_back(change)
    assert [(e.name, e.enabled) for e in log.of(TraceSwitched)] == [
        ("stderr", True),
        ("stderr", False),
    ]


def test_a_mark_is_told_and_remembered(ec: ExperimentController, log: EventLog) -> None:
    advance(ec, 2.0)
    ec.mark("half way")
    assert log.of(Noted) == [(2.0, 0, "mark", "half way")]
    assert ec.marks == [(2.0, "half way")]
