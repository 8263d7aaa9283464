"""What is taken back of a description that was cut in half."""

import pytest

from nepishell.core import events
from nepishell.core.events import Event
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.journal.halves import taken_back
from nepishell.journal.keeping import RunJournal
from nepishell.journal.resuming import read_legacy
from nepishell.journal.runs import look
from nepishell.journal.world import World, fold

BEFORE: list[Event] = [
    events.ResourceAdded(0.0, 1, "test::Recorder"),
    events.Labelled(0.0, 1, "a"),
    events.AttributeSet(0.0, 1, "word", "hello"),
    events.TraceSwitched(0.0, 1, "out", True),
    events.ResourceAdded(0.0, 2, "test::Recorder"),
    events.Connected(0.0, 1, 2),
]
START = (ResourceAction.START, (1,), ResourceState.STARTED, 2.0)
HALVES: list[Event] = [
    events.Labelled(1.0, 1, "other"),
    events.AttributeSet(1.0, 1, "word", "bye"),
    events.TraceSwitched(1.0, 1, "out", False),
    events.Disconnected(1.0, 1, 2),
    events.ConditionAdded(1.0, 2, *START),
    events.SettingAwaited(1.0, 1, "word", "later", (2,), ResourceState.STARTED, 0.0),
]


def seen(world: World) -> dict[int, tuple[object, ...]]:
    return {
        guid: (past.label, past.values, past.traces, past.connections, past.conditions)
        for guid, past in world.resources.items()
    }


@pytest.mark.parametrize("half", [*([one] for one in HALVES), HALVES])
def test_what_was_described_is_as_it_was(half: list[Event]) -> None:
    before, after = fold(BEFORE), fold([*BEFORE, *half])
    again = fold([*BEFORE, *half, *taken_back(before, after)])
    assert seen(again) == seen(before)
    assert again.awaited == {}


def test_what_was_added_is_gone_with_its_connections() -> None:
    half = [events.ResourceAdded(1.0, 3, "test::Recorder"), events.Connected(1.0, 3, 1)]
    again = fold([*BEFORE, *half, *taken_back(fold(BEFORE), fold([*BEFORE, *half]))])
    assert seen(again) == seen(fold(BEFORE))


def test_what_moved_meanwhile_stays() -> None:
    new = events.ResourceAdded(1.0, 3, "test::Recorder")
    moved = events.StateChanged(1.0, 3, ResourceState.NEW, ResourceState.DISCOVERED)
    assert taken_back(fold(BEFORE), fold([*BEFORE, new, moved])) == []


@pytest.mark.parametrize(("has_outcome", "left"), [(True, ["a", "b"]), (False, ["a"])])
def test_a_command_without_an_outcome_was_never_said(
    ec: ExperimentController, journal: RunJournal, has_outcome: bool, left: list[str]
) -> None:
    number = journal.command("add test::Recorder a", does="design")
    ec.register_resource("test::Recorder", label="a")
    journal.outcome(number)
    number = journal.command("add test::Recorder b", does="design")
    ec.register_resource("test::Recorder", label="b")
    ec.bus.drain()
    if has_outcome:
        journal.outcome(number)
    journal.close()
    legacy = read_legacy(look(ec.run_dir))
    assert [past.label for past in legacy.world.resources.values()] == left
    assert (legacy.half == "") == has_outcome
    assert legacy.unfinished == []
