"""The names that a lab resolves."""

from pathlib import Path

import pytest

from nepishell.core.errors import BadValue
from nepishell.hosts.netns.hostsfile import hosts_text, rewrite


def test_each_address_of_a_name_is_a_line() -> None:
    lines = hosts_text({"web": ["10.0.0.1/24", "fd00::1"], "db": []}).splitlines()
    assert lines[0] == "127.0.0.1\tlocalhost"
    assert lines[2:] == ["10.0.0.1\tweb", "fd00::1\tweb"]


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(BadValue, match=r"'10\.0\.0\.300' is not an address of 'web'"):
        hosts_text({"web": ["10.0.0.300"]})


def test_rewriting_keeps_the_file_that_is_mounted_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    rewrite(path, "long and longer")
    inode = path.stat().st_ino
    rewrite(path, "short")
    assert (path.read_text(), path.stat().st_ino) == ("short", inode)
