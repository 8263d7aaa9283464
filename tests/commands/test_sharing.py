"""Commands for those who share a run, where nobody shares it; the others are tried at a socket."""

import pytest

from nepishell.commands.context import Detach, Shutdown
from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


@pytest.mark.parametrize("line", ["take", "who"])
def test_a_run_of_one_says_how_others_come_in(session: Session, line: str) -> None:
    with pytest.raises(NepishellError, match="'nepishell attach' lets others come in"):
        session(line)


def test_only_a_terminal_can_be_left(session: Session) -> None:
    with pytest.raises(NepishellError, match="no terminal to leave"):
        session("detach")
    session.ctx.leave = lambda: None
    with pytest.raises(Detach):
        session("detach")


def test_shutdown_asks_first(session: Session) -> None:
    session.ctx.confirm = lambda question: False
    with pytest.raises(NepishellError, match="goes on"):
        session("shutdown")
    session.ctx.confirm = lambda question: True
    with pytest.raises(Shutdown):
        session("shutdown")
