"""What goes into the past, and what it says makes up for what ran."""

import pytest

from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def lines(session: Session) -> list[tuple[str, str]]:
    assert session.ctx.past is not None
    return [(deed.line, deed.advice) for deed in session.ctx.past.done]


def test_a_command_that_was_refused_is_not_remembered(pair: Session) -> None:
    pair.ctx.remember()
    with pytest.raises(NepishellError):
        pair("start h1")
    with pytest.raises(NepishellError):
        pair("remove h1; remove nobody")
    assert all(not line.startswith("start") for line, _ in lines(pair))


def test_what_ran_says_what_makes_up_for_it(running: Session) -> None:
    running.ctx.remember()
    running("stop probe", "start probe", "at 1h get wire", "release")
    assert lines(running) == [
        ("stop probe", "'start probe' lets it run again"),
        ("start probe", "'stop probe' ends it"),
        ("at 1h get wire", "'cancel' takes back what has not happened yet"),
        ("release", "what is gone is gone; describe it anew and deploy it"),
    ]
