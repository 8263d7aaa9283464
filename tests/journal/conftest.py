"""A controller on a virtual clock whose journal is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell import ExperimentController
from nepishell.journal.keeping import RunJournal
from nepishell.testing import virtual


@pytest.fixture
def ec(tmp_path: Path) -> Iterator[ExperimentController]:
    with virtual("exp", local_dir=tmp_path) as controller:
        yield controller


@pytest.fixture
def journal(ec: ExperimentController) -> RunJournal:
    return RunJournal(ec, version="0", about={"recipe": "x.nepi"})
