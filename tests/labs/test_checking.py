"""Checks over time: what held once, before or after something else."""

from dataclasses import replace

import pytest

from nepishell.labs.checking import Checker
from nepishell.labs.model import Check, Moment, When
from nepishell.labs.playing import Stage


@pytest.fixture
def checker(empty_stage: Stage) -> Checker:
    for line in ("param open no", "add local::Node here", "add linux::Application one on here "
                 "command=true", "add linux::Application two on here command=true"):  # fmt: skip
        empty_stage.do(line)
    return empty_stage.session.checker


def of(label: str, moment: Moment = Moment(), name: str = "check") -> Check:  # noqa: B008
    wanted = {"of": label, "is": "STOPPED"}
    return Check(id=name, kind="state", step="address", wanted=wanted, points=1, moment=moment)


def holds(checker: Checker, *checks: Check) -> list[bool]:
    return [result.ok for result in checker.look(checks)]


def test_what_held_once_holds_ever(empty_stage: Stage, checker: Checker) -> None:
    ever = of("here", Moment(when=When.EVER))
    started = replace(ever, wanted={"of": "here", "is": "READY"})
    assert holds(checker, ever, started) == [False, False]

    empty_stage.do("deploy here")
    empty_stage.do("wait here STARTED")
    empty_stage.ec.bus.drain()

    # it is STARTED now, and was READY on its way
    assert holds(checker, ever, started) == [False, True]


def test_before_and_after_are_told_apart_by_what_was_first(
    empty_stage: Stage, checker: Checker
) -> None:
    for name in ("one", "two"):
        empty_stage.do(f"deploy {name},here" if name == "one" else f"deploy {name}")
        empty_stage.do(f"wait {name} STOPPED")
    empty_stage.ec.bus.drain()

    before = of("one", Moment(when=When.BEFORE, what="two STOPPED"))
    after = of("two", Moment(when=When.AFTER, what="one STOPPED"))
    wrong = of("two", Moment(when=When.BEFORE, what="one STOPPED"))
    assert holds(checker, before, after, wrong) == [True, True, False]


def test_a_check_that_was_not_seen_before_another_says_never(checker: Checker) -> None:
    (result,) = checker.look([of("one", Moment(when=When.AFTER, what="other"))])

    assert (result.ok, result.expected) == (False, "one is STOPPED, after other")
    assert result.seen == "never so far; now one is NEW"


def test_what_does_not_hold_yet_is_looked_at_again_when_something_happens(
    empty_stage: Stage, checker: Checker
) -> None:
    empty_stage.ctx.waits = False
    empty_stage.do("deploy here,one &")

    (result,) = checker.settle([replace(of("one"), within=60.0)])

    assert result.ok
