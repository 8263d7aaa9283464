"""A controller on a virtual clock, and the promise that no test leaves a thread of the engine."""

import logging
import threading
from collections.abc import Iterator

import pytest

from nepishell import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.testing import EventLog, virtual


@pytest.fixture(autouse=True)
def _types_of_this_test_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ResourceFactory, "_resource_types", dict(ResourceFactory._resource_types))
    monkeypatch.setattr(ResourceFactory, "_loaders", dict(ResourceFactory._loaders))


@pytest.fixture(autouse=True)
def _no_thread_left(_types_of_this_test_only: None) -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert left == []


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Errors that a test provokes are not worth a page of log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def ec(_no_thread_left: None) -> Iterator[ExperimentController]:
    with virtual() as controller:
        yield controller


@pytest.fixture
def log(ec: ExperimentController) -> EventLog:
    return EventLog(ec.bus)
