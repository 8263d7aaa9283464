"""A small lab, and the stage that it is played on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.labs.model import Lab, read_lab
from nepishell.labs.playing import Stage
from nepishell.labs.variants import practice_variant
from tests.labs.building import write_lab


@pytest.fixture
def small(tmp_path: Path) -> Lab:
    return read_lab(write_lab(tmp_path / "small"))


@pytest.fixture
def stage(small: Lab, tmp_path: Path) -> Iterator[Stage]:
    with Stage(small, practice_variant(small, "ann"), tmp_path / "runs") as stage:
        stage.session.begin()
        yield stage


@pytest.fixture
def empty_stage(small: Lab, tmp_path: Path) -> Iterator[Stage]:
    """Nothing was built on it."""
    with Stage(small, practice_variant(small, "ann"), tmp_path / "runs") as stage:
        yield stage
