"""A new lab works from the start, and never writes over another one."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.model import read_lab
from nepishell.labs.teacher.beginning import new_lab
from nepishell.labs.teacher.linting import lint
from nepishell.labs.teacher.selftest import selftest


def test_a_new_lab_has_its_name_and_nothing_wrong_with_it(tmp_path: Path) -> None:
    made = new_lab("my-lab", tmp_path)

    assert read_lab(made).id == "my-lab"
    assert lint(made) == []
    assert not any("@" in path.read_text() for path in made.rglob("*.*"))


@pytest.mark.lab
def test_a_new_lab_passes_its_selftest(tmp_path: Path) -> None:
    proofs = list(selftest(read_lab(new_lab("my-lab", tmp_path)), seeds=1))

    assert [(proof.what, proof.problem) for proof in proofs] == [
        ("start", ""), ("solution", ""), ("solution", ""), ("mutant", ""),
    ]  # fmt: skip


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    with pytest.raises(NepishellError, match="mine is there already: choose another name"):
        new_lab("mine", tmp_path)

    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.parametrize("name", ["", "../up", "a/b", "with blank", "-x"])
def test_a_name_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NepishellError, match="is no name of a lab"):
        new_lab(name, tmp_path)

    assert list(tmp_path.iterdir()) == []
