"""What happened, as values."""

from typing import get_args

import pytest

from nepishell.core import events
from nepishell.core.states import ResourceState

KINDS = get_args(events.Event)


def test_the_union_names_every_event() -> None:
    declared = {kind for kind in vars(events).values() if hasattr(kind, "_fields")}

    assert declared == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_begins_with_when(kind: type) -> None:
    assert kind._fields[0] == "at"  # type: ignore[attr-defined]
    assert kind.__doc__


def test_a_move_has_no_reason_unless_one_is_given() -> None:
    move = events.StateChanged(1.0, 3, ResourceState.NEW, ResourceState.READY)

    assert move.reason == ""
    assert move == (1.0, 3, ResourceState.NEW, ResourceState.READY, "")
