"""Files by SSH, where they differ from those of this machine."""

import os
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.ssh import SshHost


@pytest.mark.parametrize("size", [0, 1, 1 << 15, (1 << 18) + 1, 3_000_000])
def test_files_of_any_size_arrive_whole(size: int, host: SshHost, tmp_path: Path) -> None:
    data, there = os.urandom(size), tmp_path / "there"
    host.write(there, data)
    assert there.read_bytes() == data
    assert host.read(there) == data
    assert host.read(there, size // 2, 700_000) == data[size // 2 :][:700_000]


def test_paths_are_below_the_home(host: SshHost, tmp_path: Path) -> None:
    assert host.home.is_absolute()
    assert host.size(Path(os.path.relpath(__file__, host.home))) == Path(__file__).stat().st_size


def test_a_folder_is_no_file(host: SshHost, tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"cannot read .*: Is a directory"):
        host.read(tmp_path)


def test_a_download_that_was_cut_goes_on(host: SshHost, tmp_path: Path) -> None:
    data = os.urandom(2_000_000)
    (tmp_path / "source").write_bytes(data)
    (tmp_path / "target").write_bytes(data[:1_234_567])
    host.get(tmp_path / "source", tmp_path / "target", offset=1_234_567)
    assert (tmp_path / "target").read_bytes() == data
