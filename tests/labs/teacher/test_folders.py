"""Journals are read as they grow, and runs are found as they come."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.teacher.folders import Journals

PATIENCE_S = 20.0


def run_in(folder: Path, name: str, text: str = "") -> Path:
    journal = folder / name / "1" / "journal.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text(text)
    return journal


def append(journal: Path, text: str) -> None:
    with journal.open("a") as file:
        file.write(text)


def wait_for(journals: Journals) -> list[tuple[str, bytes]]:
    """The next lines, each with the name of its experiment."""
    while True:
        found = [(path.parent.parent.name, line) for path, line in journals.lines()]
        if found:
            return found
        assert journals.wait(PATIENCE_S)


def test_what_is_there_is_read_and_then_what_is_appended(tmp_path: Path) -> None:
    journal = run_in(tmp_path, "one", "a\nb\nhalf")
    with Journals([tmp_path]) as journals:
        assert wait_for(journals) == [("one", b"a"), ("one", b"b")]

        append(journal, " of it\nc\n")

        assert wait_for(journals) == [("one", b"half of it"), ("one", b"c")]
        assert list(journals.lines()) == []


def test_runs_that_come_later_are_found(tmp_path: Path) -> None:
    with Journals([tmp_path]) as journals:
        assert list(journals.lines()) == []

        run_in(tmp_path, "two", "x\n")

        assert wait_for(journals) == [("two", b"x")]


def test_nothing_is_heard_when_nothing_happens(tmp_path: Path) -> None:
    with Journals([tmp_path]) as journals:
        assert journals.wait(0.0) is False


def test_files_beside_are_no_runs(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("x\n")
    run_in(tmp_path, "one", "a\n").with_name("log.txt").write_text("y\n")

    with Journals([tmp_path]) as journals:
        assert wait_for(journals) == [("one", b"a")]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match="nowhere is no folder of runs: it is not there"):
        Journals([tmp_path / "nowhere"])
