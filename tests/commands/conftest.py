"""A session on a real controller with resource types that need no host."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.stand import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as session:
        yield session


@pytest.fixture
def pair(session: Session) -> Session:
    """Two nodes, a link between them, and an application on the first; nothing is deployed."""
    session(
        "add test::Node h1,h2",
        "add test::Link wire delay=20ms",
        "connect h1 wire h2",
        "add test::App probe on h1",
    )
    return session


@pytest.fixture
def running(pair: Session) -> Session:
    """The pair, deployed."""
    pair("deploy")
    return pair
