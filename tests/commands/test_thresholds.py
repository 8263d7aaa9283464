"""When a number is as it should be, or should not be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.commands.journaling import open_journal
from nepishell.commands.resuming import _planned
from nepishell.core.errors import NepishellError
from nepishell.journal.resuming import read_legacy
from nepishell.journal.runs import runs
from tests.commands.prober import Stand, open_stand


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with open_stand(tmp_path) as stand:
        yield stand


def test_a_command_runs_once_a_number_is_as_wanted(stand: Stand) -> None:
    stand.session("when probe.rtt.last > 50ms say slow")
    stand.start()
    stand.say("rtt_ms", "10", "20")
    assert stand.said == []
    stand.say("51")
    assert stand.said == ["slow"]
    stand.say("60", "1", "70")
    assert stand.said == ["slow"], "it is done once"
    assert stand.probe.host._follows == [], "and nothing is followed any more"


def test_it_may_have_to_last(stand: Stand) -> None:
    stand.session("when probe.rtt.last > 50ms for 3s say slow")
    stand.start()
    stand.say("rtt_ms", "60")
    stand.say("70", after=2.0)
    stand.say("10", after=0.5)
    stand.settle(10.0)
    assert stand.said == [], "it was as wanted for 2.5 seconds"
    stand.say("60")
    stand.settle(2.9)
    assert stand.said == []
    stand.settle(0.1)
    assert stand.said == ["slow"]


def test_a_statistic_is_of_the_last_hundred(stand: Stand) -> None:
    stand.session("when probe.rtt.median < 20ms say calm")
    stand.start()
    stand.say("rtt_ms", *["100"] * 300)
    stand.say(*["10"] * 49)
    assert stand.said == []
    stand.say("10", "10")
    assert stand.said == ["calm"]


def test_a_number_more_costs_the_same_however_many_there_were(stand: Stand) -> None:
    stand.session("when probe.rtt.p95 > 1s say slow", "when probe.loss > 50% say lossy")
    stand.start()
    stand.say("rtt_ms", "10")
    for _ in range(2):
        stand.say(*["10"] * 2000)
    before = stand.probe.parsed
    for _ in range(100):
        stand.say("10")
    assert stand.probe.parsed - before < 100 * 50


def test_what_a_program_reports_by_itself_is_followed_too(stand: Stand) -> None:
    stand.session("when probe.loss >= 50% say lossy")
    stand.start()
    stand.say("rtt_ms", "10", "10")
    assert stand.said == []
    stand.say("x", "x")
    assert stand.said == ["lossy"]


def test_an_attribute_is_followed(stand: Stand) -> None:
    stand.session("add test::Link wire", "when wire.delay > 10ms say slower", "set wire delay 5ms")
    stand.settle()
    assert stand.said == []
    assert "it is 5ms" in stand.session.text("tasks")
    stand.session("set wire delay 12ms")
    stand.settle()
    assert stand.said == ["slower"]


def test_what_is_there_when_it_is_asked_counts(stand: Stand) -> None:
    stand.start()
    stand.say("rtt_ms", "10", "90")
    stand.session("when probe.rtt.max > 50ms say slow")
    assert stand.said == ["slow"]


def test_another_start_begins_anew(stand: Stand) -> None:
    stand.session("when probe.rtt.count >= 3 say enough")
    stand.start()
    stand.say("rtt_ms", "1", "2")
    stand.session("stop probe")
    stand.settle()
    stand.start()
    stand.say("rtt_ms", "1", "2")
    assert stand.said == []
    stand.say("3")
    assert stand.said == ["enough"]


def test_half_a_line_is_no_number(stand: Stand) -> None:
    stand.session("when probe.rtt.last > 50ms say slow")
    stand.start()
    stand.say("rtt_ms", "1")
    stand.probe.host.append(stand.probe.folder / "stdout", b"9")
    stand.probe.host.append(stand.probe.folder / "stdout", b"\n")
    assert stand.said == []
    stand.probe.host.append(stand.probe.folder / "stdout", b"9")
    stand.probe.host.append(stand.probe.folder / "stdout", b"9\n")
    assert stand.said == ["slow"]


def test_tasks_and_why_say_how_it_is(stand: Stand) -> None:
    stand.session("when probe.rtt.p95 > 50ms for 3s stop probe")
    assert "probe has not told it yet" in stand.session.text("tasks")
    stand.start()
    stand.say("rtt_ms", "10")
    assert "waiting" in stand.session.text("tasks")
    told = stand.session.text("why probe")
    assert "'stop probe' waits for probe.rtt.p95 > 50ms for 3s: it is 10ms" in told
    assert "cancel %1" in told
    stand.say("90", "90", after=1.0)
    stand.settle(1.0)
    assert "since 1s" in stand.session.text("why probe")
    stand.settle(2.0)
    assert stand.session.state("probe") == "STOPPED"
    assert "waits for" not in stand.session.text("why probe")


def test_it_is_taken_back(stand: Stand) -> None:
    stand.session("when probe.rtt.last > 50ms for 1s say slow")
    stand.start()
    stand.say("rtt_ms", "90")
    assert stand.session.text("cancel %1") == "cancelled %1 (say slow)"
    stand.settle(5.0)
    assert stand.said == []
    assert "cancelled" in stand.session.text("tasks")
    assert stand.probe.host._follows == []


def test_it_ends_with_its_resource(stand: Stand) -> None:
    stand.session("when probe.rtt.last > 50ms say slow")
    stand.start()
    stand.session("release probe")
    stand.settle()
    assert "done" in stand.session.text("tasks")


def test_it_is_planned_again_when_a_run_is_resumed(tmp_path: Path) -> None:
    with open_stand(tmp_path) as stand:
        stand.session.ctx.journal = open_journal(stand.ec, print)
        stand.session("when probe.rtt.p95 > 50ms for 3s stop probe",
                      "every 1s times 5 while probe STARTED say x")  # fmt: skip
        (run,) = runs(tmp_path)
        stand.ec.bus.drain()
        stand.session.ctx.journal.writer.commit()
        jobs = read_legacy(run).jobs.values()
        lines: list[str] = []
        told = [_planned(stand.session.ctx, lines.append, job) for job in jobs]
    assert lines == [
        "when probe.rtt.p95 > 50ms for 3s stop probe",
        "every 1s times 5 while probe STARTED say x",
    ]
    assert told[0] == f"planned again: {lines[0]}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("when probe.rtt.p95 > 5mbit say x", "rtt.p95 is a duration: '> 5mbit' cannot be compared"),
        ("when probe.rtt.p95 high say x", "'high' is no threshold"),
        ("when prob.rtt.p95 > 5ms say x", "no label"),
        ("when probe.rtt.p95 > 5ms for ever say x", "'ever' is not a duration"),
        ("when probe.rtt.p95 > 5ms", "incomplete"),
        ("when h1.rtt > 5ms say x", "cannot be followed|reports no 'rtt'|no label"),
    ],
)
def test_what_makes_no_sense_is_refused(stand: Stand, line: str, message: str) -> None:
    stand.session("add test::Node h1")
    with pytest.raises(NepishellError, match=message):
        stand.session(line)
    assert stand.session.text("tasks | count | csv") == "count\n0"


def test_a_line_is_written_as_it_was_read(stand: Stand) -> None:
    line = "when probe.rtt.p95 > 500ms for 3s stop probe"
    (call,) = stand.session.interpreter.walk(line).calls
    again = stand.session.interpreter.spell(call)
    assert stand.session.interpreter.walk(again).calls == [call]
