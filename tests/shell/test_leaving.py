"""The little questions."""

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from nepishell.shell.leaving import Answer, Asking


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("r\r", Answer.RELEASE), ("release\r", Answer.RELEASE), ("y\r", Answer.RELEASE),
        ("k\r", Answer.KEEP), ("s\r", Answer.STAY), ("\r", Answer.STAY), ("what\r", Answer.STAY),
        ("\x03", Answer.STAY), ("\x04", Answer.STAY),
    ],
)  # fmt: skip
def test_who_is_in_doubt_stays(typed: str, answer: Answer) -> None:
    with create_pipe_input() as pipe:
        pipe.send_text(typed)
        assert Asking((pipe, DummyOutput())).leave("h1", [1]) is answer


@pytest.mark.parametrize(("typed", "yes"), [("y\r", True), ("\r", False), ("\x03", False)])
def test_only_yes_is_yes(typed: str, yes: bool) -> None:
    with create_pipe_input() as pipe:
        pipe.send_text(typed)
        assert Asking((pipe, DummyOutput())).yes("sure?") is yes
