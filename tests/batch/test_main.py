"""The arguments of the command lines that need no terminal."""

import io
import sys
from pathlib import Path

import pytest

from nepishell.batch.exits import Exit
from nepishell.batch.main import main, main_without_file
from tests.batch.conftest import Play


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope.nepi"], "nepishell: no file or recipe 'nope.nepi'"),
        (["quickstar"], "did you mean 'quickstart'?"),
        (["quickstart", "--param", "delay"], "--param 'delay' is not NAME=VALUE"),
    ],
)
def test_what_cannot_be_played_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == Exit.USAGE
    shown = capsys.readouterr().err
    assert message in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: FILE"),
        (["a", "--frob"], "unrecognized arguments: --frob"),
        (["a", "--seed", "x"], "invalid int value: 'x'"),
    ],
)
def test_wrong_arguments_are_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == Exit.USAGE
    shown = capsys.readouterr().err
    assert message in shown
    assert shown.count("\n") == 1


def test_lines_on_the_command_line_are_played(lines: Play) -> None:
    assert lines("say one; say two").out == "one\ntwo\n"


def test_an_error_in_them_has_a_place(lines: Play) -> None:
    played = lines("say one; depoly")
    assert (played.status, played.out) == (Exit.USAGE, "")
    assert played.err.startswith("-c:1:10: no command 'depoly'; did you mean 'deploy'?\n")


def on_stdin(text: str, *options: str) -> int:
    sys.stdin = io.StringIO(text)
    return main_without_file(list(options))


@pytest.fixture(autouse=True)
def stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", sys.stdin)


@pytest.mark.parametrize(
    ("text", "status", "out"),
    [
        ("", Exit.DONE, ""),
        ("say one\nsay two\n", Exit.DONE, "one\ntwo\n"),
        ("say one\nlits\nsay two\n", Exit.USAGE, "one\n"),
        ("say 'one", Exit.USAGE, ""),
        ("say one\nexpect nobody READY\n", Exit.USAGE, "one\n"),
    ],
)
def test_standard_input_is_played_as_it_comes(
    capsys: pytest.CaptureFixture[str], text: str, status: Exit, out: str
) -> None:
    assert on_stdin(text) == status
    assert capsys.readouterr().out == out


def test_a_closed_standard_input_is_an_empty_one(capsys: pytest.CaptureFixture[str]) -> None:
    sys.stdin = None  # type: ignore[assignment]
    assert main_without_file([]) == Exit.DONE


def test_a_parameter_that_nothing_on_standard_input_declares_is_an_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert on_stdin("param delay 5ms\n", "--param", "dela=6ms") == Exit.USAGE
    assert "stdin: no parameter 'dela'; did you mean 'delay'?" in capsys.readouterr().err


def test_a_shipped_recipe_is_found_by_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["quickstart", "--check"]) == Exit.DONE
    assert "nothing wrong" in capsys.readouterr().err
