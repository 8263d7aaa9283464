from pathlib import Path

import pytest

from nepishell.resources.parsers.flow import parse_flow

SAMPLES = Path(__file__).parent.parent / "samples"


def sample(name: str) -> str:
    return (SAMPLES / name).read_text()


def test_loss_is_counted_over_all_intervals():
    metrics = parse_flow(sample("flow_receive.csv")).metrics
    assert (metrics["packets"], metrics["lost"]) == (623, 377)
    assert metrics["loss"] == pytest.approx(37.7)


def test_throughput_is_all_bits_over_the_whole_time():
    metrics = parse_flow(sample("flow_receive.csv")).metrics
    assert metrics["throughput"] == pytest.approx(8 * 747600 / 1.2254, rel=1e-3)


def test_delay_is_weighted_by_packets():
    assert parse_flow(sample("flow_receive.csv")).metrics["delay"] == pytest.approx(0.02988356)


def test_a_sender_has_no_loss():
    metrics = parse_flow(sample("flow_send.csv")).metrics
    assert set(metrics) == {"duration", "bytes", "packets", "throughput"}


def test_tcp_has_no_delay():
    report = parse_flow(sample("flow_receive_tcp.csv"))
    assert "delay" not in report.metrics
    assert report.tables["delay"].rows == []


def test_a_line_that_is_being_written_is_left_out():
    text = sample("flow_send.csv")
    lines = text.splitlines(keepends=True)
    assert parse_flow(text[:-5]).metrics == parse_flow("".join(lines[:-1])).metrics


def test_nothing_yet_is_no_number():
    assert parse_flow("").metrics == {}
