"""A prompt on a screen of 24 rows by 80 columns."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.screen import Screen


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    screen = Screen(tmp_path)
    yield screen
    screen.child.close(force=True)
