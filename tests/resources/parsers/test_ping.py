from pathlib import Path

import pytest

from nepishell.resources.parsers.ping import is_complete, parse_ping

SAMPLES = Path(__file__).parent.parent / "samples"


def sample(name: str) -> str:
    return (SAMPLES / name).read_text()


def test_times_of_the_summary_are_seconds():
    metrics = parse_ping(sample("ping.txt")).metrics
    assert metrics == pytest.approx(
        {
            "rtt.min": 0.000056, "rtt.avg": 0.000122, "rtt.max": 0.000314, "rtt.mdev": 0.00011,
            "sent": 4, "received": 4, "duplicates": 0, "errors": 0, "loss": 0,
        }
    )  # fmt: skip


def test_each_reply_is_a_row():
    assert parse_ping(sample("ping.txt")).tables["rtt"].csv() == (
        "seq,time,rtt,ttl\n1,,0.000314,63\n2,,5.6e-05,63\n3,,6.1e-05,63\n4,,5.9e-05,63\n"
    )


def test_time_stamps_are_kept():
    rows = parse_ping(sample("ping_timestamps.txt")).tables["rtt"].rows
    assert rows[0] == (1, "1795230466.243735", 0.000023, 63)


def test_replies_over_ipv6_are_read():
    assert parse_ping(sample("ping_ipv6.txt")).metrics["received"] == 3


def test_a_quiet_run_has_numbers_and_no_rows():
    report = parse_ping(sample("ping_quiet.txt"))
    assert report.metrics["rtt.avg"] == pytest.approx(0.000052)
    assert report.tables["rtt"].rows == []


def test_loss_is_a_number():
    metrics = parse_ping(sample("ping_loss.txt")).metrics
    assert (metrics["sent"], metrics["received"], metrics["loss"]) == (20, 2, 90)


def test_without_a_reply_there_is_loss_and_no_time():
    metrics = parse_ping(sample("ping_unreachable.txt")).metrics
    assert metrics["loss"] == 100
    assert "rtt.avg" not in metrics


def test_errors_of_routers_are_counted():
    assert parse_ping(sample("ping_net_unreachable.txt")).metrics["errors"] == 2


def test_while_it_runs_the_numbers_are_those_of_the_replies_so_far():
    text = sample("ping.txt")
    lines = text.splitlines(keepends=True)
    running = lines[0] + lines[1] + lines[3]  # number 2 was lost
    metrics = parse_ping(running).metrics
    assert metrics["rtt.avg"] == pytest.approx((0.000314 + 0.000061) / 2)
    assert metrics["loss"] == pytest.approx(100 / 3)


def test_only_a_summary_makes_it_complete():
    assert is_complete(sample("ping_unreachable.txt"))
    assert not is_complete(sample("ping_usage_stderr.txt"))
    assert not is_complete("")


def test_a_duplicate_is_counted_and_not_taken_for_a_reply():
    text = "64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=1.00 ms\n"
    metrics = parse_ping(text + text.replace("ms", "ms (DUP!)")).metrics
    assert (metrics["received"], metrics["duplicates"]) == (1, 1)
