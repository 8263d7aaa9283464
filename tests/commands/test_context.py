"""What commands share."""

from threading import Thread, current_thread

import pytest

from nepishell.commands.context import RULE
from nepishell.core.errors import UnknownName
from tests.commands.stand import Session


def test_the_rule_is_one_sentence() -> None:
    assert RULE.count(".") == 0
    assert "prompt" in RULE
    assert "recipe" in RULE


def test_sets_of_resources_are_named_short(pair: Session) -> None:
    pair("add test::Node")
    assert pair.ctx.names([1, 2, 3]) == "h[1-2],wire"
    assert pair.ctx.names([5, 1]) == "1,5"
    assert pair.ctx.names([]) == ""
    assert (pair.ctx.name(1), pair.ctx.name(5)) == ("h1", "5")


def test_an_unknown_guid_is_an_error(session: Session) -> None:
    with pytest.raises(UnknownName, match="no resource 7"):
        session.ctx.rm(7)


def test_what_happens_later_asks_nobody_and_waits(running: Session) -> None:
    asked_in: list[Thread] = []

    def confirm(question: str) -> bool:
        asked_in.append(current_thread())
        return True

    running.ctx.confirm = confirm
    running.ctx.waits = False
    running("at 1ms release probe", "wait %1 timeout 5s")
    # when it was typed, and not when its time came
    assert asked_in == [current_thread()]
    assert running.state("probe") == "RELEASED"
