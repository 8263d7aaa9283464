"""Lines above the prompt."""

import sys
from threading import Thread

from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input

from nepishell.shell.above import Above, above_the_prompt
from tests.shell.conftest import Screen


def test_without_a_prompt_it_is_written_at_once() -> None:
    screen = Screen()
    with create_app_session(output=screen), above_the_prompt():
        sys.stdout.write("one\ntwo")
        assert screen.printed == "one\n"
        sys.stdout.flush()
        assert screen.printed == "one\ntwo"


def test_afterwards_the_streams_are_the_old_ones() -> None:
    before = sys.stdout, sys.stderr
    with create_app_session(output=Screen()), above_the_prompt():
        assert sys.stdout is sys.stderr
    assert (sys.stdout, sys.stderr) == before


def test_what_comes_while_a_prompt_ends_is_not_lost() -> None:
    screen = Screen()
    lines = 2000
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=screen):
        above = Above()
        session: PromptSession[str] = PromptSession()
        writer = Thread(target=lambda: [above.write(f"{n}\n") for n in range(lines)])
        writer.start()
        while writer.is_alive():
            pipe.send_text("\r")
            session.prompt("")
            above.settle()
        writer.join()
        above.settle()
    assert screen.printed.split() == [str(n) for n in range(lines)]


def test_it_speaks_for_the_terminal() -> None:
    with create_app_session(output=Screen()):
        above = Above()
        assert above.errors == "replace"
        assert above.encoding
        assert isinstance(above.isatty(), bool)
