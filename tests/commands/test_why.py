"""Why, as a person reads it."""

import json
from threading import Event

import pytest

from nepishell.core.errors import NepishellError
from nepishell.lang.errors import LangError
from nepishell.output.style import Style
from tests.commands.stand import Session


def test_what_is_new_says_what_would_deploy_it(pair: Session) -> None:
    assert pair.text("why h1") == "h1 NEW\n  nobody deployed it\n  next: deploy h1"


def test_what_cannot_be_deployed_says_what_it_lacks(session: Session) -> None:
    session("add test::App probe")
    assert "nor can it be: resource 1 (probe) needs 1 test::Node" in session.text("why probe")


def test_a_chain_of_waits_is_a_tree(pair: Session) -> None:
    pair("when wire STOPPED start probe", "deploy")
    lines = pair.text("why probe").splitlines()
    assert lines[:4] == [
        "probe READY",
        "  start waits for wire to be STOPPED",
        "  next: start probe",
        "- wire STARTED",
    ]
    assert lines[4].startswith("    it runs, for ")


def test_the_delay_of_a_condition_is_told(pair: Session) -> None:
    pair("when wire STOPPED +30s start probe", "deploy")
    assert "start waits for wire to be STOPPED for 30s" in pair.text("why probe")
    pair("stop wire")
    assert "start comes in " in pair.text("why probe")


def test_a_failure_tells_its_reason_and_the_run_whose_fault_it_is(pair: Session) -> None:
    pair("set probe fails=true critical=false", "deploy")
    text = pair.text("why probe")
    assert text.startswith("probe FAILED\n  it failed ")
    assert text.endswith("ago: it was told to\n  next: release probe")


def test_programs_get_one_record_per_fact(pair: Session) -> None:
    pair("when wire STOPPED start probe", "deploy")
    facts = json.loads(pair.text("why probe | json"))
    assert [(fact["step"], fact["resource"], fact["state"]) for fact in facts] == [
        (0, "probe", "READY"),
        (1, "wire", "STARTED"),
    ]
    assert facts[0]["next"] == "start probe"
    assert pair.text("why probe | where step=0 | cols why") == (
        "why\nstart waits for wire to be STOPPED"
    )


def test_states_are_painted_and_carry_their_glyph(running: Session) -> None:
    drawing = running("why probe")
    text = drawing.draw(Style(colour=True, glyphs=True))
    assert "probe \x1b[32m● STARTED\x1b[0m" in text


def test_nobody_has_no_reason(session: Session) -> None:
    with pytest.raises(LangError, match="nobody"):
        session("why nobody")


def test_a_setting_that_waits_is_told(pair: Session) -> None:
    pair("when probe STOPPED +2s set wire delay 50ms", "deploy")
    text = pair.text("why wire")
    assert "set delay to 50ms 2s later once probe is STOPPED" in text
    pair("stop probe")
    assert "set delay to 50ms comes in " in pair.text("why wire")


def test_a_setting_does_not_hide_that_nobody_deployed_it(pair: Session) -> None:
    pair("when probe STOPPED set wire delay 50ms")
    assert "nobody deployed it" in pair.text("why wire")


def test_a_barrier_names_who_is_not_ready_yet_and_its_hook(pair: Session) -> None:
    built, may_end = Event(), Event()
    rm = pair.ctx.rm(pair.ec.find("h2"))
    base = rm.do_provision

    def slow() -> None:
        built.set()
        assert may_end.wait(20)
        base()

    rm.do_provision = slow  # type: ignore[method-assign]
    pair("deploy h1,h2 nowait")
    assert built.wait(20)
    pair("wait h1 READY")
    lines = pair.text("why h1").splitlines()
    assert lines[:2] == [
        "h1 READY", "  start waits until all of its deployment are READY: h2 not yet",
    ]  # fmt: skip
    assert lines[2].startswith("- h2 ")
    assert lines[3].startswith("    do_deploy runs, for ")
    may_end.set()
    pair("wait h1,h2 STARTED")


def test_a_peer_that_failed_is_followed_to_its_reason(pair: Session) -> None:
    rm = pair.ctx.rm(pair.ec.find("h1"))

    def fail() -> None:
        raise NepishellError("no such kernel")

    rm.do_provision = fail  # type: ignore[method-assign]
    pair("set h1,wire,probe critical=false", "deploy")
    text = pair.text("why probe")
    assert "waited for 1 (h1) READY, which is FAILED: no such kernel" in text
    assert "- h1 FAILED\n" in text
