"""The plain prompt: what is written is only ever written on, and the line stays readable."""

import os
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest
from prompt_toolkit.key_binding import KeyBindings

from nepishell.shell.plain import PlainOutput, complete_by_tab
from tests.shell.test_main import Terminal


class Page:
    """A pipe, and what a terminal shows of what went into it."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self._source = os.fdopen(read, "rb", buffering=0)
        self._target = os.fdopen(write, "w", encoding="utf-8")
        self.output = PlainOutput(self._target)

    def close(self) -> None:
        self._target.close()
        self._source.close()

    def sees(self) -> list[str]:
        screen = pyte.Screen(40, 10)
        pyte.ByteStream(screen).feed(self._source.read(10000).replace(b"\n", b"\r\n"))
        return [line.rstrip() for line in screen.display[: screen.cursor.y + 1]]


@pytest.fixture
def page() -> Iterator[Page]:
    page = Page()
    yield page
    page.close()


def test_a_line_grows_and_shrinks_where_it_stands(page: Page) -> None:
    for line in ("> ", "> s", "> say", "> sa", "> say grü", "> say gr", "> say größe"):
        page.output.show(line)
    assert page.sees() == ["> say größe"]


def test_what_is_changed_inside_the_line_is_written_anew(page: Page) -> None:
    page.output.show("> say one")
    page.output.show("> say two")
    assert page.sees() == ["> say one", "> say two"]


def test_what_happens_stands_above_the_line_which_is_written_anew(page: Page) -> None:
    page.output.show("> say o")
    page.output.write_raw("h1: READY\n")
    page.output.show("> say on")
    page.output.end()
    page.output.write_raw("on\n")
    assert page.sees() == ["> say o", "h1: READY", "> say on", "on", ""]


def test_a_terminal_that_was_closed_is_no_error(page: Page) -> None:
    page._source.close()
    page.output.show("> ")


def test_tab_is_a_key_of_its_own() -> None:
    keys = KeyBindings()
    complete_by_tab(keys, list, pytest.fail)
    assert len(keys.bindings) == 1


@pytest.fixture(params=["--plain", "dumb"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    if request.param == "dumb":
        terminal = Terminal(tmp_path, TERM="dumb")
    else:
        terminal = Terminal(tmp_path, "-m nepishell --plain")
    terminal.sees("nepishell>")
    yield terminal
    terminal.child.close(force=True)


def test_a_session_without_one_escape_sequence(terminal: Terminal) -> None:
    raw: list[bytes] = []
    feed = terminal._stream.feed

    def keep(data: bytes) -> None:
        raw.append(data)
        feed(data)

    terminal._stream.feed = keep  # type: ignore[method-assign]
    terminal.type("lits\r")
    terminal.sees("no command 'lits'; did you mean 'list'?")
    terminal.type("add local::No")
    terminal.sees("nepishell> add local::No")
    terminal.type("\t")
    terminal.sees("nepishell> add local::Node")
    terminal.type("here\r")
    terminal.sees("here is resource 1, a local::Node")
    terminal.type("at 10ms say from later\r")
    terminal.sees("from later", exactly=True)
    terminal.type("list\r")
    terminal.sees("here   local::Node  NEW")
    terminal.type("dep")
    terminal.sees("nepishell> dep")
    terminal.type("\x03")
    terminal.type("\x04")
    assert terminal.ends() == 0
    assert b"\x1b" not in b"".join(raw)


def test_tab_lists_what_there_is_to_choose_from(terminal: Terminal) -> None:
    terminal.type("add netns::")
    terminal.sees("nepishell> add netns::")
    terminal.type("\t")
    terminal.sees("  netns::Switch  ")
    assert terminal.lines[-1] == "" or "netns::" in "".join(terminal.lines)


def test_a_question_is_asked_on_a_line_of_its_own(terminal: Terminal) -> None:
    terminal.type("add local::Node here\rdeploy wait\r")
    terminal.sees("deployed 1 resource")
    terminal.type("say ready\r")
    terminal.sees("ready", exactly=True)
    # a key that comes between two prompts is the terminal's
    while [line for line in terminal.lines if line][-1] != "nepishell>":
        terminal._reads("nepishell>", 15.0)
    terminal.type("\x04")
    terminal.sees("here: release it and leave, keep it running, stay?")
    terminal.type("r\r")
    assert terminal.ends() == 0
