"""Places to run things, real ones, gone after the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.hosts.netns.lab import Lab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """An empty lab; the test is marked 'lab'."""
    with Lab.open(tmp_path, seed=1) as opened:
        yield opened


def network_namespaces() -> set[int]:
    """The namespaces that any process of this machine is in."""
    found = set()
    for directory in Path("/proc").iterdir():
        if directory.name.isdecimal():
            try:
                found.add((directory / "ns" / "net").stat().st_ino)
            except OSError:
                continue
    return found
