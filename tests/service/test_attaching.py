"""Finding the run to attach to; terminals are tried in tests/screens."""

from pathlib import Path

import pytest

from nepishell.service.attaching import attach_parser, main


def test_without_a_terminal_it_says_what_to_do(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 2
    assert "a prompt needs a terminal" in capsys.readouterr().err


def test_it_takes_the_name_of_a_run() -> None:
    assert attach_parser().parse_args(["demo"]).run == "demo"
    assert attach_parser().parse_args([]).run == ""
