"""Files of this machine; see contract/test_files.py for the rest."""

from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.files import LocalFiles


def test_copying_a_file_onto_itself_is_done_already(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("same")
    LocalFiles().put(path, path)
    assert path.read_text() == "same"


def test_a_size_that_cannot_be_known_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HostError, match=r"cannot read .*file/below: Not a directory"):
        LocalFiles().size(tmp_path / "file" / "below")
