"""The log of a run."""

import logging
from pathlib import Path

import pytest

from nepishell.commands.logs import RunLog, Told


def test_what_is_for_people_goes_to_the_file_and_not_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run" / "log.txt"
    with RunLog(path):
        logging.getLogger("nepishell.test").debug("too small to keep")
        logging.getLogger("nepishell.test").info("installing")
        logging.getLogger("nepishell.test").warning("the link drifts")
    assert "WARNING nepishell.test: the link drifts" in path.read_text()
    assert "INFO nepishell.test: installing" in path.read_text()
    assert "too small" not in path.read_text()
    assert capsys.readouterr().err == ""


def test_without_anything_to_say_there_is_no_file(tmp_path: Path) -> None:
    with RunLog(tmp_path / "log.txt"):
        pass
    assert not (tmp_path / "log.txt").exists()


def test_a_file_that_cannot_be_opened_is_given_up(tmp_path: Path) -> None:
    with RunLog(tmp_path / "log.txt" / "x") as log:
        (tmp_path / "log.txt").write_text("")
        logging.getLogger("nepishell.test").warning("one")
        logging.getLogger("nepishell.test").warning("two")
        assert log.level > logging.CRITICAL


def test_with_debug_the_file_has_all_until_the_run_ends(tmp_path: Path) -> None:
    before = logging.getLogger("nepishell").level
    with RunLog(tmp_path / "log.txt"):
        Told().choose("debug")
        logging.getLogger("nepishell.test").debug("a detail")
    assert "a detail" in (tmp_path / "log.txt").read_text()
    assert logging.getLogger("nepishell").level == before


def test_a_level_covers_itself_and_what_weighs_more() -> None:
    told = Told("warning")
    assert [told.covers(level) for level in ("debug", "info", "warning", "error")] == [
        False, False, True, True,
    ]  # fmt: skip


def test_while_somebody_follows_nothing_is_told_unasked() -> None:
    told = Told("debug")
    with told.followed(), told.followed():
        pass
    with told.followed():
        assert not told.covers("error")
    assert told.covers("error")
