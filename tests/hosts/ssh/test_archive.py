"""Archives are what tar reads."""

import os
import tarfile
from io import BytesIO
from pathlib import Path

from nepishell.hosts.ssh.archive import archive


def test_tar_reads_names_modes_and_bytes(tmp_path: Path) -> None:
    data, told = os.urandom(600_001), list[int]()
    (tmp_path / "big").write_bytes(data)
    (tmp_path / "tool").write_bytes(b"")
    (tmp_path / "tool").chmod(0o750)
    name = "deep/" * 40 + "odd \n'name'"
    pairs = [(tmp_path / "big", name), (tmp_path / "tool", "tool")]
    with tarfile.open(fileobj=BytesIO(b"".join(archive(pairs, told.append)))) as tar:
        assert tar.getnames() == [name, "tool"]
        found = tar.extractfile(name)
        assert found is not None
        assert found.read() == data
        assert tar.getmember("tool").mode == 0o750
    assert sum(told) == len(data)
