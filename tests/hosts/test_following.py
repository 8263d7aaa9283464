"""What following does beyond the contract of hosts."""

import os
import threading
from pathlib import Path
from queue import Queue

import pytest

from nepishell.hosts.following import Follower

PATIENCE_S = 20.0


def test_a_file_that_became_shorter_is_read_from_its_start(tmp_path: Path) -> None:
    path, came, follower = tmp_path / "trace", Queue[bytes](), Follower()
    path.write_bytes(b"long ago")
    stop = follower.follow(path, 0, came.put)
    assert came.get(timeout=PATIENCE_S) == b"long ago"
    path.write_bytes(b"new")
    assert came.get(timeout=PATIENCE_S) == b"new"
    stop()


def test_a_file_that_grows_up_to_the_offset_is_read_from_there(tmp_path: Path) -> None:
    path, seen, came, follower = tmp_path / "trace", Queue[bytes](), Queue[bytes](), Follower()
    path.write_bytes(b"")
    both = [follower.follow(path, 4, came.put), follower.follow(path, 0, seen.put)]
    with path.open("ab", buffering=0) as file:
        file.write(b"12")
        # both look at each change: the first has looked at a file shorter than its offset
        assert seen.get(timeout=PATIENCE_S) == b"12"
        file.write(b"3456")
        assert came.get(timeout=PATIENCE_S) == b"56"
    for stop in both:
        stop()


def test_a_file_that_was_replaced_goes_on(tmp_path: Path) -> None:
    path, came, follower = tmp_path / "trace", Queue[bytes](), Follower()
    stop = follower.follow(path, 0, came.put)
    other = tmp_path / "other"
    other.write_bytes(b"moved here")
    other.replace(path)
    assert came.get(timeout=PATIENCE_S) == b"moved here"
    stop()


def test_who_is_told_may_stop_it(tmp_path: Path) -> None:
    path, came, follower = tmp_path / "trace", Queue[bytes](), Follower()
    before = threading.active_count()

    def once(data: bytes) -> None:
        stop()
        came.put(data)

    stop = follower.follow(path, 0, once)
    path.write_bytes(b"1")
    assert came.get(timeout=PATIENCE_S) == b"1"
    for thread in threading.enumerate():
        if thread.name == "following":
            thread.join(PATIENCE_S)
    assert threading.active_count() == before


def test_the_last_to_stop_never_meets_a_thread_that_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Follower().follow(tmp_path / "file", 0, lambda data: None)
    thread = next(each for each in threading.enumerate() if each.name == "following")
    write = os.eventfd_write

    def late(bell: int, count: int) -> None:
        # that the folder is watched no more wakes it, too
        thread.join(0.2)
        write(bell, count)

    monkeypatch.setattr(os, "eventfd_write", late)
    stop()
    assert not thread.is_alive()
