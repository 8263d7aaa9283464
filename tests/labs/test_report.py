"""A report is read by people, table programs and programs; what students wrote is only text."""

import csv
import io
import json
from pathlib import Path

import pytest

from nepishell.labs.grading import Grade
from nepishell.labs.model import Lab
from nepishell.labs.report import as_csv, as_html, as_json, write_report

CHECK = {"id": "there", "ok": True, "expected": "<b>", "seen": "x", "command": "h1 ping",
         "points": 3.0, "at": 1.0}  # fmt: skip


@pytest.fixture
def grades() -> list[Grade]:
    return [
        Grade(file="ann.zip", student="=HYPERLINK(1)", points=3, most=10, checks={"there": CHECK},
              steps={"address": 3.0}, seconds={"address": 61.2}, flags=["<script>", "b"]),
        Grade(file="bob.zip", student="bob", most=10, refused="no zip"),
    ]  # fmt: skip


def test_the_table_has_a_row_for_each_and_no_formula(small: Lab, grades: list[Grade]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(small, grades))))

    assert [row["student"] for row in rows] == ["'=HYPERLINK(1)", "bob"]
    assert (rows[0]["check there"], rows[0]["seconds address"]) == ("yes", "61")
    assert rows[1]["refused"] == "no zip"


def test_nothing_that_a_student_wrote_is_markup(small: Lab, grades: list[Grade]) -> None:
    page = as_html(small, grades)

    assert "<script>" not in page
    assert "<td>&lt;b&gt;" in page


def test_all_three_are_written(small: Lab, grades: list[Grade], tmp_path: Path) -> None:
    files = write_report(tmp_path / "out", small, grades)

    assert sorted(path.name for path in files) == ["grades.csv", "grades.html", "grades.json"]
    assert json.loads(as_json(small, grades))["grades"][0]["points"] == 3
