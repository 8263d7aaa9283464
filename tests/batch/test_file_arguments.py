"""The command lines that work on files."""

import pytest

from nepishell.batch.exits import Exit
from nepishell.batch.file_arguments import check_parser


def test_several_files_may_be_checked_at_once() -> None:
    assert check_parser().parse_args(["a", "-", "b"]).files == ["a", "-", "b"]


def test_wrong_arguments_are_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        check_parser().parse_args([])
    assert stopped.value.code == Exit.USAGE
    assert capsys.readouterr().err.count("\n") == 1
