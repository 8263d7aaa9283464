"""`nepishell lab ...` lists, checks and grades; the key of a course is never shown."""

import json
import sys
from io import StringIO
from pathlib import Path

import pytest

from nepishell.labs.answers import is_answer
from nepishell.labs.main import main
from nepishell.labs.model import Lab
from nepishell.labs.variants import practice_variant, read_variant
from tests.labs.handing_in import hand_in

KEY = "the key of a course, never shown"


def test_labs_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0

    assert "routes" in [one["lab"] for one in json.loads(capsys.readouterr().out)]


@pytest.mark.lab
def test_a_class_from_the_key_to_the_report(
    small: Lab, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, roster, out = tmp_path / "key", tmp_path / "roster", tmp_path / "out"
    key.write_text(KEY)
    roster.write_text("ann\nbob\n")
    with_key = ["--key", str(key), "--roster", str(roster), "--out", str(out)]
    assert main(["variants", small.file, *with_key]) == 0
    given = (out / "ann.variant").read_text()
    ann = read_variant(small, given, "ann.variant")
    file = hand_in(small, ann, tmp_path / "ann.zip", word=ann.values["word"])

    assert main(["grade", str(file), "--lab", small.file, "--json", *with_key]) == 0

    told = capsys.readouterr()
    assert json.loads(told.out.partition("\n")[2])["grades"][0]["points"] == 10
    assert "1/1 ann: 10 of 10" in told.err
    shown = told.out + told.err + given + (out / "grades.html").read_text()
    assert KEY not in shown


@pytest.mark.lab
def test_a_submission_is_checked_by_whoever_made_it(
    small: Lab, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = hand_in(small, practice_variant(small, "ann"), tmp_path / "ann.zip")

    assert main(["check", str(file), "--lab", small.file]) == 1

    assert capsys.readouterr().out.endswith("6 of 10 points\n")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["grad"], "no command 'grad'; did you mean 'grade'?"),
        (["check", "nowhere.zip"], "nowhere.zip: cannot be read: no such file"),
        (["variants", "rutes", "--key", "k", "--roster", "r", "--out", "o"], "did you mean"),
        (["grade", "x.zip", "--lab", "routes", "--key", "none", "--out", "o"], "the key cannot"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2

    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_an_answer_is_hashed_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("Longest prefix\n"))

    assert main(["hash"]) == 0

    assert is_answer("longest prefix", hashed=capsys.readouterr().out.strip())
