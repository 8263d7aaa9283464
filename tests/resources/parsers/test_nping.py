from pathlib import Path

import pytest

from nepishell.resources.parsers.nping import parse_nping

SAMPLES = Path(__file__).parent.parent / "samples"


def report(name: str):
    return parse_nping((SAMPLES / name).read_text())


def test_sums_and_times_are_npings_own():
    metrics = report("nping_icmp.txt").metrics
    assert (metrics["sent"], metrics["received"], metrics["lost"], metrics["loss"]) == (
        10,
        8,
        2,
        20,
    )
    assert metrics["rtt.min"] == pytest.approx(0.020057)
    assert metrics["rtt.avg"] == pytest.approx(0.020308)


def test_each_packet_is_a_row():
    rows = report("nping_tcp.txt").tables["packets"].rows
    assert [row[1] for row in rows] == ["sent", "received", "sent", "received"]
    assert rows[0][2].startswith("TCP 10.0.1.1:")


def test_handshakes_that_fail_are_loss():
    metrics = report("nping_connect.txt").metrics
    assert (metrics["sent"], metrics["received"], metrics["loss"]) == (2, 0, 100)


def test_before_its_end_packets_are_counted():
    text = (SAMPLES / "nping_icmp.txt").read_text().partition("\n \n")[0]
    assert parse_nping(text).metrics == {"sent": 10, "received": 8}


def test_nothing_is_no_number():
    assert report("nping_unknown.txt").metrics == {}
