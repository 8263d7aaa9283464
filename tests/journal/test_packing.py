"""Events in columns."""

import json

import pytest

from nepishell.core import events
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.journal.packing import CODES, pack, unpack

ONE_OF_EACH: list[events.Event] = [
    events.ResourceAdded(0.5, 1, "test::Node"),
    events.ResourceAdded(0.5, 2, "test::Node"),
    events.Labelled(0.5, 1, "web"),
    events.AttributeSet(0.75, 1, "delay", "10ms"),
    events.Connected(1.0, 1, 2),
    events.ConditionAdded(1.0, 1, ResourceAction.START, (2, 3), ResourceState.STARTED, 0.5),
    events.ConditionRemoved(1.0, 1, ResourceAction.START, (2,), ResourceState.STARTED),
    events.SettingAwaited(1.0, 1, "delay", "10ms", (2,), ResourceState.STARTED),
    events.SettingOver(1.0, 1, "delay"),
    events.TraceSwitched(1.0, 1, "stdout", True),
    events.Deployed(1.5, 1, (1, 2), True),
    events.Intended(1.5, 1, "deploy", "a namespace"),
    events.StateChanged(2.0, 1, ResourceState.NEW, ResourceState.DISCOVERED),
    events.StateChanged(2.5, 2, ResourceState.NEW, ResourceState.FAILED, "no such host"),
    events.Noted(3.0, 1, "info", "a note"),
    events.TaskFinished(3.0, 7, ""),
    events.RunAborted(3.5, 2),
    events.Suspected(4.0, 0, "lateness", 3.5, "the controller was up to 500ms late"),
    events.Disconnected(4.0, 1, 2),
    events.ResourceRemoved(4.0, 2),
]


def test_what_is_packed_is_unpacked_in_order() -> None:
    assert unpack(json.loads(json.dumps(pack(ONE_OF_EACH)))) == ONE_OF_EACH


def test_every_kind_of_event_has_a_code() -> None:
    assert {type(event) for event in ONE_OF_EACH} == set(CODES.values())


def test_a_batch_of_one_kind_is_not_told_letter_by_letter() -> None:
    assert pack(ONE_OF_EACH[:2]) == ["+", ["+", [500_000, 500_000], (1, 2), "test::Node"]]


def test_nothing_is_nothing() -> None:
    assert (pack([]), unpack([]), unpack(None)) == ([], [], [])


@pytest.mark.parametrize(
    "junk",
    [
        1,
        "s",
        ["s"],
        [["s"], ["s", [1], 1, 0, 1, ""]],
        [{}, ["s", [1], 1, 0, 1, ""]],
        ["?", ["?", [1]]],
        ["s", ["s", [1], [1], [0], [99], [""]]],
        ["s", ["s", [1], [1, 2], 0, 1, ""]],
        ["s", ["s", [1], [[1]], 0, 1, ""]],
        ["s", ["s", [1], [True], 0, 1, ""]],
        ["s", ["s", ["1"], [1], 0, 1, ""]],
        ["s", ["s", [1], [2**80], 0, 1, ""]],
        ["s", ["s", [1], [1], 0, 1, "", ""]],
        ["ss", ["s", [1], [1], 0, 1, ""]],
        ["sl", ["s", [1, 2], 1, 0, 1, ""], ["l", [1], 1, "a"]],
        ["l", ["l", [1], 1, {"a": 1}]],
        ["w", ["w", [1], 1, 0, [[1]], 4, float("nan")]],
        ["w", ["w", [1], 1, 0, [1], 4, 0]],
    ],
)
def test_junk_is_no_event(junk: object) -> None:
    with pytest.raises(ValueError, match="no events look like"):
        unpack(junk)
