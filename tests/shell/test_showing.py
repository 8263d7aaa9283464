"""Results on the screen."""

import pytest

from nepishell.commands.notes import Note, Output, Shown
from nepishell.commands.settings import Settings
from nepishell.core.errors import NepishellError
from nepishell.output.records import Records
from nepishell.shell.gate import Gate
from nepishell.shell.screen import Screen
from nepishell.shell.showing import Showing


def showing(lines: list[str]) -> Showing:
    return Showing(Screen(), Gate(lines.append), Settings, may_page=False)


def test_a_result_is_shown_in_the_form_that_was_asked_for() -> None:
    lines: list[str] = []
    showing(lines).show(Shown(Records(("label",), [("h1",)]), "csv"))
    assert lines == ["label\nh1"]


def test_what_programs_wrote_is_shown_before_it_counts_as_an_error() -> None:
    lines: list[str] = []
    output = Output("no way", Records((), []), error="h1: false ended with status 1")
    with pytest.raises(NepishellError, match="status 1"):
        showing(lines).show(Shown(output))
    assert lines == ["no way"]


def test_what_came_of_nothing_is_not_shown() -> None:
    lines: list[str] = []
    showing(lines).emit(None)
    showing(lines).show(Shown(Note("")))
    assert lines == []


def test_what_a_program_writes_does_not_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    showing([]).stream("\x1b]0;evil\x07\n")
    assert capsys.readouterr().out == "\\x1b]0;evil\\x07\n"
