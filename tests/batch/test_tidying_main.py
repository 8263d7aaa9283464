"""`nepishell fmt`: files replaced as a whole, and only where something changes."""

import io
from pathlib import Path

import pytest

from nepishell.batch.exits import Exit
from nepishell.batch.tidying_main import main

UNTIDY, TIDY = "list   #  a\n", "list  #  a\n"


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "a.nepi"
    path.write_text(UNTIDY)
    return path


def test_a_file_is_tidied_once(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(recipe)]) == Exit.DONE
    assert capsys.readouterr().err == f"{recipe}: changed\n"
    assert recipe.read_text() == TIDY
    assert main([str(recipe)]) == Exit.DONE
    assert capsys.readouterr() == ("", "")


def test_a_file_keeps_its_mode_and_its_link(recipe: Path, tmp_path: Path) -> None:
    recipe.chmod(0o640)
    link = tmp_path / "link.nepi"
    link.symlink_to(recipe)
    assert main([str(link)]) == Exit.DONE
    assert link.is_symlink()
    assert (recipe.read_text(), recipe.stat().st_mode & 0o777) == (TIDY, 0o640)
    assert {path.name for path in tmp_path.iterdir()} == {"a.nepi", "link.nepi"}


def test_what_would_change_is_said_and_nothing_changes(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", str(recipe)]) == Exit.FAILED
    assert capsys.readouterr().err == f"{recipe}: would be changed\n"
    assert recipe.read_text() == UNTIDY
    recipe.write_text(TIDY)
    assert main(["--check", str(recipe)]) == Exit.DONE


def test_a_difference_is_printed_and_nothing_changes(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--diff", str(recipe)]) == Exit.DONE
    out = capsys.readouterr().out
    assert "-list   #  a" in out
    assert "+list  #  a" in out
    assert recipe.read_text() == UNTIDY
    assert main(["--diff", "--check", str(recipe)]) == Exit.FAILED


def test_standard_input_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(UNTIDY))
    assert main(["-"]) == Exit.DONE
    assert capsys.readouterr() == (TIDY, "")


def test_a_file_with_an_open_quote_is_told_and_the_next_is_tidied(
    recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "b.nepi"
    other.write_text("say  'a\n")
    assert main([str(other), str(tmp_path / "none.nepi"), str(recipe)]) == Exit.USAGE
    err = capsys.readouterr().err
    assert f"{other}:1:6: the quote ' is never closed" in err
    assert "none.nepi: cannot be read" in err
    assert (other.read_text(), recipe.read_text()) == ("say  'a\n", TIDY)
