"""What every host does with files."""

from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.base import Host


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
