"""The pipes between a controller that lets go and the one that takes over."""

import fcntl
import os
from pathlib import Path
from threading import Thread

import pytest

from nepishell.core.errors import NepishellError
from nepishell.service.handover import Given, Teller, await_end, await_lock


def after(said: bytes) -> Given:
    reading, writing = os.pipe()
    os.write(writing, said)
    os.close(writing)
    return await_end(reading)


def test_it_begins_when_the_other_has_let_go_with_what_that_gave() -> None:
    given = after(b'{"parameters": {"rate": "1mbit"}, "declared": ["rate"]}')
    assert given == Given({"rate": "1mbit"}, {"rate"})
    assert await_end(-1) == Given()


@pytest.mark.parametrize("said", [b"", b"nonsense", b"[1]", b'{"parameters": 7}'])
def test_one_that_was_killed_gives_nothing(said: bytes) -> None:
    assert after(said) == Given()


def test_it_waits_until_nobody_writes_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    over: list[str] = []
    with journal.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        waiting = Thread(target=lambda: over.append(str(await_lock(journal))))
        waiting.start()
        assert over == []
    waiting.join()
    assert over == ["None"]
    await_lock(tmp_path / "nowhere")


def test_what_is_found_and_what_is_wrong_is_told() -> None:
    reading, writing = os.pipe()
    with pytest.raises(NepishellError), Teller(writing) as tell:  # noqa: PT012
        tell.ready()
        tell("found")
        raise NepishellError("lost")
    assert os.read(reading, 100) == b"ready\nfound\nnepishell: lost\n"
    assert os.read(reading, 100) == b""
    os.close(reading)
    with Teller(-1) as tell:
        tell("nobody listens")
