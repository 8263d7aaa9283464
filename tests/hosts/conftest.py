"""Places to run things, real ones, gone after the test."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import pytest

from nepishell.hosts.netns.lab import Lab

T = TypeVar("T")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """An empty lab; the test is marked 'lab'."""
    with Lab.open(tmp_path, seed=1) as opened:
        yield opened


@pytest.fixture
def in_thread() -> Callable[[Callable[[], T]], T]:
    """Runs a function in a thread of its own, whose namespaces it may change; needs root."""

    def run(function: Callable[[], T]) -> T:
        result: Future[T] = Future()

        def work() -> None:
            try:
                result.set_result(function())
            except BaseException as error:
                result.set_exception(error)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return result.result()

    return run
