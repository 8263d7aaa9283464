"""A session whose experiment is drawn and saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.stand import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """An empty experiment, to which lines add."""
    with open_session(tmp_path) as found:
        yield found
