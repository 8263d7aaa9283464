"""What was typed or pasted, and where it went wrong."""

from pathlib import Path

import pytest

from nepishell.commands.typed import TypedLines
from nepishell.output.style import Style
from tests.shell.conftest import Keys


def test_a_bad_line_is_told_with_a_caret_below_it(keys: Keys) -> None:
    keys.type("add test::Link wire", "set wire dela 5ms", "get wire up | cols value | csv")
    assert (
        "                    ^~~~\ntest::Link has no attribute 'dela'; did you mean 'delay'?\n"
        "value\ntrue\n"
    ) in keys.said


def paste(*lines: str) -> str:
    text = "\n".join(lines)
    return f"\x1b[200~{text}\x1b[201~"


def test_a_pasted_block_stops_at_its_first_error_and_keeps_what_was_not_run(keys: Keys) -> None:
    keys.keys(f"{paste('say one', 'lits', 'say two')}\r\x03\x04")
    said = keys.said
    assert "one\n" in said
    assert "no command 'lits'" in said
    assert "    lits\n    ^~~~\nno command 'lits'" in said
    assert "stopped at line 2 of 3" in said
    assert "two\n" not in said


def test_what_was_not_run_can_be_mended_and_sent(keys: Keys) -> None:
    # up to the first line, its last two letters the other way round
    mended = "\x1b[A\x05\x7f\x7fst\r"
    keys.keys(f"{paste('say one', 'lits', 'say two')}\r{mended}\x04")
    said = keys.said
    assert said.endswith("no resources\ntwo\n")
    assert said.count("one\n") == 1


def test_a_block_of_a_thousand_lines_is_run(keys: Keys) -> None:
    lines = [f"param p{n} {n}" for n in range(999)]
    keys.keys(f"{paste(*lines, 'say ${p998}')}\r\x04")
    assert keys.said.endswith("998\n")


def test_a_block_that_ends_in_a_quote_is_not_begun(keys: Keys) -> None:
    keys.keys(paste("say one", "say 'two") + "\r\x03\x04")
    said = keys.said
    assert "the quote ' is never closed" in said
    assert "one\n" not in said


def test_a_quote_that_is_not_closed_is_told(keys: Keys) -> None:
    keys.type("say 'oh")
    assert "the quote ' is never closed" in keys.said


def lines_in(folder: Path) -> list[tuple[str, str]]:
    lines = TypedLines(folder, pytest.fail)
    found = [(typed.line, typed.result) for typed in lines.search()]
    lines.close()
    return found


def test_lines_are_remembered_in_a_file_with_their_results(keys: Keys, state_home: Path) -> None:
    keys.type("say hello", "lits", " say hidden")
    keys.prompt.close()
    assert lines_in(state_home) == [("say hello", "ok"), ("lits", "error")]


def test_an_error_that_is_too_wide_is_broken_between_words(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nepishell.shell.screen.Screen.style", lambda self, theme: Style(width=30))
    keys.type("add test::Link wire", "wire true")
    assert "wire is a test::Link: programs\nrun on nodes only\n" in keys.said
