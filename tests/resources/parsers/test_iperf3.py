from pathlib import Path

import pytest

from nepishell.resources.parsers.iperf3 import parse_iperf3

SAMPLES = Path(__file__).parent.parent / "samples"


def report(name: str):
    return parse_iperf3((SAMPLES / name).read_text())


def test_throughput_of_tcp_is_what_arrived():
    metrics = report("iperf3_tcp.json").metrics
    assert metrics["throughput"] == pytest.approx(16729012286, rel=1e-9)
    assert metrics["retransmits"] == 3065
    assert metrics["rtt.avg"] == pytest.approx(60e-6)


def test_each_interval_is_a_row():
    rows = report("iperf3_tcp.json").tables["throughput"].rows
    assert [(row[0], row[2]) for row in rows] == [(0, 1868955648), (1.000026, 2313420800)]


def test_throughput_of_udp_leaves_out_what_was_lost():
    metrics = report("iperf3_udp_loss.json").metrics
    assert metrics["loss"] == pytest.approx(50.2896871)
    assert metrics["throughput"] == pytest.approx(
        metrics["throughput.sent"] * (1 - metrics["loss"] / 100), rel=0.05
    )


def test_loss_of_udp_is_a_table():
    assert report("iperf3_udp_loss.json").tables["loss"].csv() == (
        "packets,lost,loss\n1726,868,50.2896871\n"
    )


def test_udp_without_loss_has_jitter():
    metrics = report("iperf3_udp.json").metrics
    assert metrics["loss"] == 0
    assert metrics["jitter"] == pytest.approx(8.7486e-6, rel=1e-4)


def test_what_the_client_received_is_the_throughput_of_a_reverse_test():
    assert report("iperf3_reverse.json").metrics["throughput"] == pytest.approx(16425542810)


def test_its_own_reason_of_failure_is_told():
    found = report("iperf3_refused.json")
    assert found.problem == "unable to connect to server: Connection refused"
    assert found.metrics == {}


@pytest.mark.parametrize("text", ["", "{", '{"start": {', "[]", "iperf3: interrupt"])
def test_half_an_output_has_no_numbers(text):
    assert parse_iperf3(text).metrics == {}
