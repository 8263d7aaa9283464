"""What every host does with files."""

import hashlib
import threading
from pathlib import Path
from queue import Queue
from threading import Semaphore
from time import monotonic

import pytest

from nepishell.core.errors import BadValue, HostError
from nepishell.hosts.base import Host

PATIENCE_S = 20.0


def test_reads_from_an_offset(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "trace"
    path.write_bytes(b"0123456789")
    parts = [host.read(path), host.read(path, 4), host.read(path, 4, 3), host.read(path, 20)]
    assert parts == [b"0123456789", b"456789", b"456", b""]


def test_a_missing_file_has_no_bytes_but_cannot_be_read(host: Host, tmp_path: Path) -> None:
    assert host.size(tmp_path / "none") == 0
    with pytest.raises(HostError, match=r"cannot read .*none: No such file"):
        host.read(tmp_path / "none")


def test_copies_with_permissions_both_ways(host: Host, tmp_path: Path) -> None:
    tool, there, back = tmp_path / "tool", tmp_path / "there", tmp_path / "back"
    tool.write_text("#!/bin/sh\necho hello\n")
    tool.chmod(0o750)
    host.put(tool, there)
    host.get(there, back)
    assert back.read_text() == tool.read_text()
    assert back.stat().st_mode == tool.stat().st_mode
    assert host.run([str(there)]).stdout == "hello\n"
    assert host.size(there) == tool.stat().st_size


def test_says_which_copy_failed(host: Host, tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"cannot copy .*none.*No such file"):
        host.put(tmp_path / "none", tmp_path / "target")


def test_makes_directories_once_or_twice(host: Host, tmp_path: Path) -> None:
    host.mkdir(tmp_path / "a" / "b")
    host.mkdir(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(HostError, match="cannot make the directory"):
        host.mkdir(tmp_path / "file" / "below")


def test_writes_a_file_whole_with_its_mode(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "a" / 'it\'s "new"\n'
    host.write(path, b"\x00\xff old", 0o600)
    host.write(path, b"new\n")
    assert path.read_bytes() == b"new\n"
    assert path.stat().st_mode & 0o777 == 0o644
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    (tmp_path / "file").touch()
    with pytest.raises(HostError, match=r"cannot write .*file/below"):
        host.write(tmp_path / "file" / "below", b"")


def test_puts_many_files_and_folders_and_tells_how_far_it_is(host: Host, tmp_path: Path) -> None:
    folder, one, there = tmp_path / "folder", tmp_path / "one", tmp_path / "there"
    (folder / "deep" / "empty").mkdir(parents=True)
    (folder / "deep" / "odd 'name'\n").write_bytes(b"\x00\xff")
    tool = folder / "tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o750)
    one.write_bytes(b"x" * 5000)
    told: list[tuple[int, int]] = []

    host.put_all({there / "b": folder, there / "c" / "1": one}, lambda *how: told.append(how))

    assert (there / "b" / "deep" / "odd 'name'\n").read_bytes() == b"\x00\xff"
    assert (there / "b" / "deep" / "empty").is_dir()
    assert (there / "b" / "tool").stat().st_mode == tool.stat().st_mode
    assert (there / "c" / "1").read_bytes() == one.read_bytes()
    assert told[-1] == (5012, 5012)
    host.put_all({})


def test_what_progress_raises_ends_the_copy(host: Host, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x" * 100)

    def refuse(done: int, total: int) -> None:
        raise BadValue("enough")

    with pytest.raises(BadValue, match="enough"):
        host.put(source, tmp_path / "target", refuse)
    with pytest.raises(BadValue, match="enough"):
        host.get(source, tmp_path / "target", progress=refuse)
    assert host.run(["echo", "still here"]).stdout == "still here\n"


def test_goes_on_with_a_copy_that_was_cut_off(host: Host, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"0123456789")
    target.write_bytes(b"0123??")
    told: list[tuple[int, int]] = []
    host.get(source, target, offset=4, progress=lambda *how: told.append(how))
    assert target.read_bytes() == b"0123456789"
    assert told[-1] == (10, 10)


def test_sums_up_the_files_that_exist(host: Host, tmp_path: Path) -> None:
    empty, odd = tmp_path / "empty", tmp_path / "odd\n\\name"
    empty.touch()
    odd.write_bytes(b"\x00")
    asked = [empty, tmp_path / "none", tmp_path, odd, empty / "below"]
    assert host.checksums(asked) == {
        empty: hashlib.sha256(b"").hexdigest(),
        odd: hashlib.sha256(b"\x00").hexdigest(),
    }
    assert host.checksums([]) == {}


def test_removes_files_and_trees_once_or_twice(host: Host, tmp_path: Path) -> None:
    tree, file, kept = tmp_path / "-tree", tmp_path / "file", tmp_path / "kept"
    (tree / "a" / "b").mkdir(parents=True)
    kept.mkdir()
    (kept / "inside").touch()
    (tree / "link").symlink_to(kept)
    file.touch()
    for _ in range(2):
        host.remove(tree)
        host.remove(file)
        host.remove(file / "below")
    assert sorted(each.name for each in tmp_path.iterdir() if each.name != "lab") == ["kept"]
    assert (kept / "inside").exists()


def test_follows_a_file_that_comes_later_and_grows(host: Host, tmp_path: Path) -> None:
    path, came = tmp_path / "trace", Queue[bytes]()
    stop = host.follow(path, 2, came.put)

    def expect(wanted: bytes) -> None:
        found = b""
        while len(found) < len(wanted):
            found += came.get(timeout=PATIENCE_S)
        assert found == wanted

    with path.open("wb", buffering=0) as file:
        file.write(b"\x000123\n")
        expect(b"123\n")
        file.write(b"\xff" * 100_000)
        expect(b"\xff" * 100_000)
        stop()
        stop()
        file.write(b"nobody is told")
    host.run(["true"])
    assert came.empty()


def test_files_are_followed_by_one_thread_that_ends(host: Host, tmp_path: Path) -> None:
    host.run(["true"])
    before = threading.active_count()
    ends = [Semaphore(0) for _ in range(5)]
    stops = []
    for end in ends:
        (tmp_path / "trace").write_text("x")
        stops.append(host.follow(tmp_path / "trace", 0, lambda _, end=end: end.release()))
    for end in ends:
        assert end.acquire(timeout=PATIENCE_S)
    assert threading.active_count() <= before + 1
    for stop in stops:
        stop()
    assert threading.active_count() == before


def test_a_file_in_a_folder_that_is_not_there_cannot_be_followed(
    host: Host, tmp_path: Path
) -> None:
    with pytest.raises(HostError, match=r"cannot follow .*none/trace: No such file"):
        host.follow(tmp_path / "none" / "trace", 0, print)


def test_knows_its_home_and_that_it_can_be_reached(host: Host) -> None:
    assert str(host.home) == host.run(["sh", "-c", "cd; pwd"]).stdout.rstrip("\n")
    stop = host.on_reach(print)
    assert host.reach.up
    assert host.reach.since <= monotonic()
    stop()
