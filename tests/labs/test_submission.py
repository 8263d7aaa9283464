"""What is handed in is one file without secrets, read without trust."""

import json
import zipfile
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.deeds import Deed
from nepishell.labs.playing import Stage
from nepishell.labs.submission import FILE, read_submission, submit


@pytest.fixture
def file(empty_stage: Stage, tmp_path: Path) -> Path:
    session = empty_stage.session
    empty_stage.do("add netns::Node x1")
    session.answer(session.lab.step("tell").checks[0], "no")
    submit(session, tmp_path / "ann.zip")
    return tmp_path / "ann.zip"


def test_what_was_done_is_read_again(file: Path, empty_stage: Stage) -> None:
    read = read_submission(file)

    assert (read.lab, read.student, read.practice) == ("small", "ann", True)
    assert read.variant == empty_stage.session.variant.id
    assert read.deeds == (
        Deed("line", "add netns::Node x1"),
        Deed("answer", "word", "no"),
    )


def test_neither_seed_nor_solution_is_in_it(file: Path, empty_stage: Stage) -> None:
    with zipfile.ZipFile(file) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist()]

    assert not any(empty_stage.session.variant.seed in text for text in texts)
    assert not any("dev eth0" in text for text in texts)


def rewritten(file: Path, name: str, text: str) -> Path:
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as target:
        for each in source.namelist():
            target.writestr(each, text if each == name else source.read(each))
    return other


@pytest.mark.parametrize("text", ["{}", "[", json.dumps({"format": 1, "deeds": 3})])
def test_an_altered_submission_is_refused(file: Path, text: str) -> None:
    with pytest.raises(NepishellError, match="its checksum differs"):
        read_submission(rewritten(file, FILE, text))


def test_what_is_no_submission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_text("x")

    with pytest.raises(NepishellError, match="not a zip file"):
        read_submission(path)
