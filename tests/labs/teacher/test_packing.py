"""Students get what they need, and not what they are to find out."""

import zipfile
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.model import read_lab
from nepishell.labs.shelf import find_lab, shipped_labs
from nepishell.labs.teacher.main import pack_
from nepishell.labs.teacher.packing import pack


@pytest.mark.parametrize("name", sorted(shipped_labs()))
def test_the_copy_is_the_lab_without_what_teachers_have(name: str, tmp_path: Path) -> None:
    lab = find_lab(name)
    copy = read_lab(pack(lab, tmp_path))

    assert (copy.id, copy.version, copy.steps) == (lab.id, lab.version, lab.steps)
    assert (copy.start, copy.parameters) == (lab.start, lab.parameters)
    assert lab.solutions
    assert not copy.solutions
    assert not copy.mutants
    with zipfile.ZipFile(tmp_path / f"{name}.zip") as archive:
        assert not any(part.startswith(("solution", "mutants")) for part in archive.namelist())


def test_the_same_lab_is_the_same_file(tmp_path: Path) -> None:
    one, two = (pack(find_lab("routes"), tmp_path / f"{name}.zip") for name in "ab")
    assert one.read_bytes() == two.read_bytes()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    target = tmp_path / "kept.zip"
    target.write_text("mine")
    with pytest.raises(NepishellError, match="is there already"):
        pack(find_lab("routes"), target)
    assert target.read_text() == "mine"


@pytest.mark.parametrize(("name", "said"), [("a.tar", "is a zip"), ("no/a.zip", "no such file")])
def test_where_it_cannot_be_is_told(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match=said):
        pack(find_lab("routes"), tmp_path / name)


def test_it_says_how_students_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pack_(["routes", str(tmp_path)]) == 0
    assert capsys.readouterr().out == (
        f"{tmp_path}/routes.zip: students start with 'lab start {tmp_path}/routes.zip'\n"
    )
