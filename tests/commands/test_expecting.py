"""Expectations: what holds says so, what does not fails with what was seen and wanted."""

import pytest

from nepishell.commands.expecting import Unexpected
from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("expect probe.rtt.avg 35ms..60ms", "ok: probe.rtt.avg is 42ms (expected 35ms..60ms)"),
        ("expect probe.rtt.avg <= 42ms", "ok: probe.rtt.avg is 42ms (expected <= 42ms)"),
        ("expect probe.rtt.max 2*20ms+-5ms", "ok: probe.rtt.max is 43ms (expected 2*20ms+-5ms)"),
        ("expect probe.rtt.count 2", "ok: probe.rtt.count is 2 (expected 2)"),
        ("expect probe.rtt.seq.last 3", "ok: probe.rtt.seq.last is 3 (expected 3)"),
        ("expect probe.loss 0%", "ok: probe.loss is 0% (expected 0%)"),
        ("expect not probe.loss 5%..", "ok: probe.loss is 0% (expected not 5%..)"),
        ("expect wire.delay 20ms", "ok: wire.delay is 20ms (expected 20ms)"),
        ("expect wire.delay ..0.1s", "ok: wire.delay is 20ms (expected ..0.1s)"),
        ("expect wire.up true", "ok: wire.up is true (expected true)"),
        ("expect wire.up yes", "ok: wire.up is true (expected yes)"),
        ("expect wire.engine auto", "ok: wire.engine is auto (expected auto)"),
        ("expect not wire.engine relay", "ok: wire.engine is auto (expected not relay)"),
        ("expect probe STARTED", "ok: probe is STARTED"),
        ("expect h1,h2,wire STARTED", "ok: h[1-2],wire are STARTED"),
        ("expect not probe STOPPED", "ok: probe is STARTED"),
        ("expect probe trace stdout ~ 'bytes from'",
         "ok: probe trace stdout is there 1 times (expected ~ 'bytes from')"),
        ("expect probe trace stdout ~ '^t'",
         "ok: probe trace stdout is there 2 times (expected ~ '^t')"),
        ("expect exec h1 true fine",
         "ok: exec h1 true fine is status 0 (fine) (expected status 0)"),
        ("expect not exec h1 false",
         "ok: exec h1 false is status 1 (expected not status 0)"),
    ],
)  # fmt: skip
def test_what_holds_says_what_was_seen_and_wanted(running: Session, line: str, text: str) -> None:
    assert running(line).text == text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("expect probe.rtt.avg ..30ms", "expected probe.rtt.avg ..30ms; it is 42ms"),
        ("expect not probe.rtt.avg ..60ms", "expected not probe.rtt.avg ..60ms; it is 42ms"),
        ("expect wire.delay 21ms", "expected wire.delay 21ms; it is 20ms"),
        ("expect wire.loss 0%", "expected wire.loss 0%; it is not set"),
        ("expect wire.engine relay", "expected wire.engine relay; it is auto"),
        ("expect probe STOPPED", "expected probe STOPPED; probe is STARTED"),
        ("expect h1,h2,wire,probe READY",
         "expected h[1-2],probe,wire READY; "
         "h1 is STARTED, h2 is STARTED, wire is STARTED and 1 more"),
        ("expect not h1 STARTED", "expected h1 not STARTED; h1 is STARTED"),
        ("expect probe trace stdout ~ four",
         "expected probe trace stdout ~ 'four'; it is not there; its last line is 'three'"),
        ("expect exec h1 false oh", "expected exec h1 false oh; it is status 1 (oh)"),
        ("expect not exec h1 true", "expected not exec h1 true; it is status 0"),
    ],
)  # fmt: skip
def test_what_does_not_hold_fails(running: Session, line: str, message: str) -> None:
    with pytest.raises(Unexpected) as caught:
        running(line)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("expect probe.rtt.avg 5%", "probe.rtt.avg is a duration: '5%' cannot be compared with it"),
        ("expect wire.delay abc", "'abc' is not a duration"),
        ("expect wire.engine rely", "'rely' is not one of auto, relay; did you mean 'relay'"),
        ("expect wire.dealy 5ms", "reports no 'dealy'; did you mean 'delay'"),
        ("expect probe.rtt.agv 5ms", "probe reports no 'rtt.agv'; did you mean 'rtt.avg'"),
        ("expect probe.rtt.avg 60ms..35ms", "is an empty range"),
        ("expect prob.rtt.avg 5ms", "did you mean 'probe'"),
        ("expect probe trace stdout ~ '('", "is not a regular expression"),
        ("expect probe trace debug ~ x", "is not recorded"),
    ],
)
def test_what_makes_no_sense_is_an_error_that_says_why(
    running: Session, line: str, message: str
) -> None:
    with pytest.raises(NepishellError, match=message):
        running(line)


def test_a_number_of_what_has_not_run_is_not_there_yet(pair: Session) -> None:
    with pytest.raises(NepishellError, match=r"probe has reported no 'rtt.avg': it is NEW"):
        pair("expect probe.rtt.avg 5ms")
