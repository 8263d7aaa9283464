from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import pytest

from nepishell.campaigns.carrying import Errand, Row
from nepishell.campaigns.engines import Here, Said


def row(said: Said) -> Row:
    """What is said next, by a future."""
    future = said.get()
    assert isinstance(future, Future)
    return future.result()


def errand(key: str) -> Errand:
    return Errand(key=key, recipe="talk.nepi", parameters={}, repetition=1, seed=1)


def test_two_run_side_by_side_and_say_so(tmp_path: Path) -> None:
    said: Said = SimpleQueue()
    engine = Here(2, said)
    for key in "ab":
        (tmp_path / key).mkdir()
        engine.submit(errand(key), tmp_path / key)
    rows = [row(said), row(said)]
    engine.close()

    assert sorted((row["key"], row["verdict"]) for row in rows) == [
        ("a", "ok"), ("b", "ok")
    ]  # fmt: skip
    assert (engine.slots, engine.jobs) == (2, 2)


def test_what_was_not_begun_when_it_stops_says_that_it_was_not(tmp_path: Path) -> None:
    said: Said = SimpleQueue()
    engine = Here(1, said)
    engine.stop()
    engine.submit(errand("a"), tmp_path)
    lost = row(said)
    engine.close()

    assert lost["verdict"] == "lost"


def test_a_mistake_of_ours_is_not_lost_in_a_thread(tmp_path: Path) -> None:
    said: Said = SimpleQueue()
    engine = Here(1, said)
    engine.submit(replace(errand("a"), parameters=3), tmp_path)  # type: ignore[arg-type]

    with pytest.raises(AttributeError):
        row(said)
    engine.close()
