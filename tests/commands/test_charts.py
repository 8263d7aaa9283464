"""Numbers of resources as charts."""

import json
from pathlib import Path

import pytest

from nepishell.commands.charts import named, numbers_of
from nepishell.commands.journaling import open_journal
from nepishell.core.errors import NepishellError, UnknownName
from tests.commands.stand import Session

TIMED = "time,rtt_ms,ttl\n1769860802.5,40,64\n1769860801.5,20,64\n1769860803.5,,64\n"


def test_numbers_are_in_base_units_and_in_order() -> None:
    found = numbers_of(TIMED, "rtt")
    assert (found.kind, found.by) == ("duration", "time")
    assert found.points == [(1769860801.5, 0.02), (1769860802.5, 0.04)]


def test_rows_without_times_go_by_their_numbers() -> None:
    assert numbers_of("seq,time,rtt\n3,,0.1\n4,,0.2\n", "rtt") == (
        "duration", "seq", [(3.0, 0.1), (4.0, 0.2)],
    )  # fmt: skip
    assert numbers_of("hop,rtt\n1,0.1\nx,0.2\n", "rtt").points == [(1.0, 0.1), (2.0, 0.2)]


def test_a_column_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(UnknownName, match=r"no column 'rt'; columns are rtt, ttl; did you mean"):
        numbers_of(TIMED, "rt")


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("rtt", ("rtt", "")), ("rtt.ttl", ("rtt", "ttl")), ("rtt.p95", ("rtt", "")),
        ("load.bytes.max", ("load", "bytes")),
    ],
)  # fmt: skip
def test_a_statistic_is_of_all_numbers(path: str, wanted: tuple[str, str]) -> None:
    assert named(path) == wanted


def test_a_trace_is_a_chart_a_table_and_a_picture(running: Session, tmp_path: Path) -> None:
    text = running.text("plot probe.rtt")
    assert text.splitlines()[0] == (
        "probe.rtt: 2 values, min 41ms, median 42ms, p95 43ms, p99 43ms, max 43ms"
    )
    assert json.loads(running.text("plot probe.rtt | json")) == [
        {"number": 1.0, "rtt": 0.041}, {"number": 3.0, "rtt": 0.043},
    ]  # fmt: skip
    running(f"plot probe.rtt save {tmp_path}/a.png", f"plot probe.rtt > {tmp_path}/b.svg")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "b.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("plot probe.rrt", "resource 4 has no trace 'rrt'; did you mean 'rtt'"),
        ("plot probe.rtt.colour", "no column 'colour'"),
        ("plot nobody.rtt", "nobody"),
        ("plot probe.rtt save x.dot", r"one of \.svg, \.png, \.pdf"),
        ("plot probe.rtt > x.jpg", "pictures are written as svg, png, pdf"),
    ],
)
def test_what_cannot_be_drawn_says_why(running: Session, line: str, message: str) -> None:
    with pytest.raises(NepishellError, match=message):
        running(line)


def test_before_there_are_numbers_it_says_so(pair: Session) -> None:
    with pytest.raises(NepishellError, match=r"probe\.rtt has no numbers to draw: probe is NEW"):
        pair("plot probe.rtt")


def test_what_was_commanded_meanwhile_is_marked(
    running: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.ctx.journal = open_journal(running.ec, print)
    running("set wire delay 30ms", "list")
    began = running.ec.clock.date(0.0).timestamp()
    table = f"time,rtt\n{began:.3f},0.1\n{began + 3600:.3f},0.2\n"
    monkeypatch.setattr("tests.commands.stand.RTT", table)
    lines = running.text("plot probe.rtt").splitlines()
    assert [line.split("s  ")[1] for line in lines if line.startswith("a ")] == [
        "set wire delay 30ms"
    ]
    assert not any(line.startswith("b ") for line in lines)


def test_traces_that_may_hold_numbers_are_offered(running: Session) -> None:
    walk = running.interpreter.walk("plot probe.")
    assert walk.error is not None
    offered = {each.text for each in running.interpreter.walk("plot probe.r").candidates()}
    assert "probe.rtt" in offered
