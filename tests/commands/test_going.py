"""What goes on, in words."""

from nepishell.commands.going import awaited, doing
from nepishell.core.states import ResourceState
from tests.commands.stand import Session


def test_the_first_who_are_awaited_are_told_in_full(pair: Session) -> None:
    pair("add test::Node h[3-9]")
    said = awaited(pair.ctx, pair.ec.resources, ResourceState.STARTED)
    assert said.startswith("h1: nobody deployed it; h2: nobody deployed it; ")
    assert said.endswith("h[3-9],probe,wire not STARTED yet")


def test_what_is_to_come_waits_for_nobody(session: Session) -> None:
    session("at 1h say x")
    assert doing(session.ctx, session.ctx.jobs.find(1)) == ""
