"""A host on paper can be lost and found, and its files grow when the test says so."""

from pathlib import Path

import pytest

from nepishell.core.errors import Unreachable
from nepishell.hosts.base import Reach
from nepishell.hosts.fake import FakeHost

TRACE = Path("/run/trace")


def test_tells_when_it_is_lost_and_found() -> None:
    host, told = FakeHost(clock=lambda: 7.0), list[Reach]()
    stop = host.on_reach(told.append)
    host.lose("cut")
    assert host.reach == Reach(up=False, since=7.0, why="cut")
    for ask in (
        lambda: host.run(["true"]),
        lambda: host.size(TRACE),
        lambda: host.write(TRACE, b""),
    ):
        with pytest.raises(Unreachable, match="cut"):
            ask()
    host.find()
    stop()
    host.lose("nobody is told")
    assert [each.up for each in told] == [False, True]


def test_hands_over_what_a_program_writes() -> None:
    host, came = FakeHost(), list[bytes]()
    host.append(TRACE, b"012")
    stop = host.follow(TRACE, 1, came.append)
    host.append(TRACE, b"3")
    stop()
    host.append(TRACE, b"4")
    assert came == [b"12", b"3"]
    assert host.read(TRACE) == b"01234"


def test_copies_folders_and_removes_them(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"1")
    host, told = FakeHost(), list[tuple[int, int]]()
    host.put_all({Path("/there"): tmp_path / "a"}, lambda *how: told.append(how))
    assert host.files == {Path("/there/b/c"): b"1"}
    assert told == [(1, 1)]
    assert set(host.checksums([Path("/there/b/c"), TRACE])) == {Path("/there/b/c")}
    host.get(Path("/there/b/c"), tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"1"
    host.remove(Path("/there"))
    assert host.files == {}
