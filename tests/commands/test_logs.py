"""The log of a run."""

import logging
from pathlib import Path

import pytest

from nepishell.commands.logs import RunLog


def test_warnings_go_to_the_file_and_not_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run" / "log.txt"
    with RunLog(path):
        logging.getLogger("nepishell.test").info("too small to keep")
        logging.getLogger("nepishell.test").warning("the link drifts")
    assert "WARNING nepishell.test: the link drifts" in path.read_text()
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
