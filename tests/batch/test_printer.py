"""Where results and messages go."""

import io
import os
import sys
from threading import Thread

import pytest

from nepishell.batch.printer import Gone, Printer
from nepishell.commands.notes import Output, Shown, note, tell
from nepishell.core.states import ResourceState
from nepishell.output.records import Message, Records

LISTING = Records(("label",), [("web",)])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(*results: Shown, json: bool = False, verbose: bool = False) -> str:
    out = io.StringIO()
    printer = Printer(out, io.StringIO(), json=json, verbose=verbose)
    for result in results:
        printer.show(result)
    return out.getvalue()


def test_answers_are_printed_and_notes_are_not() -> None:
    found = (Shown(LISTING), Shown(note("added")), Shown(tell("ok")), Shown(Message("text")))
    assert printed(*found) == "label\nweb\nok\ntext\n"
    assert printed(*found, verbose=True) == "label\nweb\nadded\nok\ntext\n"


def test_for_programs_everything_is_a_line_of_json() -> None:
    output = Output("yes", Records(("node", "status"), [("h1", 0)]))
    assert printed(Shown(note("added", guids=[1])), Shown(output), json=True) == (
        '{"message": "added", "guids": [1]}\n[{"node": "h1", "status": 0}]\n'
    )


def test_a_format_that_was_asked_for_wins() -> None:
    assert printed(Shown(LISTING, "csv"), json=True) == "label\nweb\n"


def test_nothing_is_no_line() -> None:
    assert printed(Shown(Message(""))) == ""


def test_progress_is_drawn_again_below_what_is_printed() -> None:
    err = Terminal()
    printer = Printer(io.StringIO(), err)
    printer.progress("1 of 2")
    printer.say("web FAILED")
    printer.progress("")
    assert err.getvalue() == "1 of 2\r\x1b[Kweb FAILED\n1 of 2\r\x1b[K"


def test_plain_is_without_colours_and_without_progress_on_a_terminal_too() -> None:
    out, err = Terminal(), Terminal()
    printer = Printer(out, err, plain=True)
    printer.show(Shown(Records(("state:state",), [(ResourceState.FAILED,)])))
    printer.progress("2 of 3")
    assert out.getvalue() == "state\nFAILED\n"
    assert err.getvalue() == ""


def test_off_a_terminal_there_is_no_progress() -> None:
    err = io.StringIO()
    Printer(io.StringIO(), err).progress("1 of 2")
    assert err.getvalue() == ""


def test_a_reader_that_went_away_is_noticed_by_each_line_after_it() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as out:
        printer = Printer(out, io.StringIO())
        os.close(reading)
        for text in ("hello", "into the void"):
            with pytest.raises(Gone):
                printer.show(Shown(Message(text)))


def test_lines_of_several_threads_do_not_mix() -> None:
    out = io.StringIO()
    printer = Printer(out, io.StringIO())
    lines = [str(digit) * 200 for digit in range(8)]
    threads = [Thread(target=printer.show, args=(Shown(Message(line)),)) for line in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(out.getvalue().splitlines()) == lines


def test_while_somebody_else_has_the_terminal_nothing_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    printer = Printer(sys.stdout, sys.stderr)
    with printer.silent():
        printer.say("hidden")
    printer.say("shown")
    assert capsys.readouterr().err == "shown\n"
    assert not printer.is_for_people
