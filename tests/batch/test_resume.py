"""`nepishell resume` and `nepishell clean`, where there is nothing to go on with."""

from pathlib import Path

import pytest

from nepishell.batch.resume import clean_main, main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_without_an_orphan_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-c", "list"]) == 2
    assert "no run has lost its controller" in capsys.readouterr().err


def test_a_run_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere", "-c", "list"]) == 2
    assert "no run 'nowhere'" in capsys.readouterr().err


def test_nothing_is_cleaned_where_nothing_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    assert clean_main([]) == 0
    assert "nothing is left of any run" in capsys.readouterr().err
