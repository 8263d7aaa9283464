"""The experiment at one moment."""

from dataclasses import FrozenInstanceError

import pytest

from nepishell import ECState, FailureLevel, ResourceState
from nepishell.engine.snapshot import ResourceRow, Snapshot


def test_a_snapshot_cannot_be_changed() -> None:
    row = ResourceRow(1, "a::B", "", ResourceState.NEW, 0, "")
    taken = Snapshot(
        version=1, at=0.0, ecstate=ECState.RUNNING, failure_level=FailureLevel.OK, resources=(row,)
    )

    with pytest.raises(FrozenInstanceError):
        taken.version = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        taken.resources[0].guid = 2  # type: ignore[misc]
