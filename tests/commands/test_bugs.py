"""Mistakes of our own, told in one line."""

from pathlib import Path

import pytest

from nepishell.commands.bugs import report


def raised() -> ZeroDivisionError:
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as problem:
        return problem
    raise AssertionError


def test_a_bug_is_one_line_and_its_traceback_is_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "run" / "log.txt"
    line = report(raised(), log)
    assert line == (
        f"a mistake of nepishell's own: ZeroDivisionError: division by zero (traceback in {log})"
    )
    assert "Traceback" in log.read_text()


def test_a_log_that_cannot_be_written_costs_nothing_but_the_log(tmp_path: Path) -> None:
    assert "run with NEPISHELL_DEBUG=1" in report(raised(), tmp_path)


def test_for_developers_the_traceback_is_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEPISHELL_DEBUG", "1")
    report(raised(), tmp_path / "log.txt")
    assert "Traceback" in capsys.readouterr().err
