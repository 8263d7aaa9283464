"""A student at work: what was done, what holds, what hints cost."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from nepishell.commands.journaling import open_journal
from nepishell.core.errors import NepishellError
from nepishell.journal.reading import read
from nepishell.labs.deeds import Deed
from nepishell.labs.model import Check
from nepishell.labs.playing import Stage

ADDRESS = "h1 ip address add 10.${net}.0.1/24 dev eth0"


@pytest.mark.lab
def test_a_step_is_passed_once_all_its_checks_hold(stage: Stage) -> None:
    session = stage.session
    session.check()
    assert (session.snapshot().passed, session.snapshot().fails) == ((), {"address": 1})

    stage.do(ADDRESS)
    session.check()

    now = session.snapshot()
    assert (now.passed, now.points, now.most) == (("address",), 6, 10)
    net = session.variant.values["net"]
    assert list(session.deeds) == [
        Deed("line", f"h1 ip address add 10.{net}.0.1/24 dev eth0"),
        Deed("held", "there"),
        Deed("held", "has"),
    ]


@pytest.mark.lab
def test_goto_builds_what_is_before_a_step_and_says_so(stage: Stage) -> None:
    session = stage.session

    session.goto(session.find("2"))

    now = session.snapshot()
    assert (now.step, now.passed, now.restored) == ("tell", ("address",), ("address",))
    assert next(iter(session.deeds)) == Deed("restored", "address")


@pytest.mark.lab
def test_reset_begins_anew_with_the_same_values(stage: Stage) -> None:
    session = stage.session
    stage.do(ADDRESS)
    session.check()

    session.reset()

    assert session.snapshot().passed == ()
    assert [result.ok for result in session.check()] == [False, False]
    assert list(session.deeds) == []


def test_a_hint_waits_for_those_who_try_and_its_cost_is_taken_off(empty_stage: Stage) -> None:
    session = empty_stage.session
    with pytest.raises(NepishellError, match="there is a hint after 1 more"):
        session.hint()
    session.fails["address"] = 1

    first = session.hint()
    assert first is not None
    assert session.take(*first) == "Look at `h1 ip address`."
    second = session.hint()
    assert second is not None
    assert "dev eth0" in session.take(*second)
    assert session.hint() is None
    assert session.hints == {("address", 1): 0, ("address", 2): 2}


def test_an_answer_is_judged_and_whoever_listens_is_told(empty_stage: Stage) -> None:
    session, told = empty_stage.session, Event()
    forget = session.on_change(told.set)
    (question,) = session.lab.step("tell").checks

    assert not session.answer(question, "no").ok
    assert session.answer(question, session.variant.values["word"]).ok

    assert told.is_set()
    forget()
    assert session.snapshot().points == 4


def test_a_copy_without_solutions_cannot_build_a_step(empty_stage: Stage) -> None:
    session = empty_stage.session
    session.lab = replace(session.lab, solutions={})

    with pytest.raises(NepishellError, match="this copy of the lab has no solution of 'address'"):
        session.goto(session.find("tell"))


def test_the_journal_tells_what_was_answered(empty_stage: Stage, tmp_path: Path) -> None:
    session, ctx = empty_stage.session, empty_stage.ctx
    ctx.journal = open_journal(ctx.ec, print)
    assert ctx.journal is not None
    session.answer(session.lab.step("tell").checks[0], "no")
    ctx.journal.writer.commit()

    notes = [
        record.data for record in read(ctx.ec.run_dir / "journal.jsonl") if record.kind == "lab"
    ]
    assert {"what": "answer", "check": "word", "text": "no"} in notes


@pytest.mark.lab
def test_a_measurement_that_ends_by_itself_is_looked_at(stage: Stage) -> None:
    session, done = stage.session, Event()
    has_ended = Check(
        id="has", kind="state", step="address", wanted={"of": "probe", "is": "STOPPED"}, points=6
    )
    step = replace(session.lab.steps[0], checks=(has_ended,))
    session.lab = replace(session.lab, steps=(step, *session.lab.steps[1:]))
    session.on_change(lambda: done.set() if session.passed else None)
    stage.do("add linux::Application probe on h1 command='sleep 0.1'")

    stage.ctx.waits = False
    stage.do("deploy probe")

    assert done.wait(60)
    assert session.snapshot().passed == ("address",)
