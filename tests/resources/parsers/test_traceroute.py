from pathlib import Path

import pytest

from nepishell.resources.parsers.traceroute import parse_traceroute

SAMPLES = Path(__file__).parent.parent / "samples"


def report(name: str):
    return parse_traceroute((SAMPLES / name).read_text())


def test_hops_count_to_the_target():
    metrics = report("traceroute.txt").metrics
    assert (metrics["hops"], metrics["reached"]) == (2, 1)
    assert metrics["rtt.avg"] == pytest.approx((1.186 + 0.969 + 0.842) / 3e3)


def test_each_probe_is_a_row_and_a_star_has_no_address():
    rows = report("traceroute.txt").tables["hops"].rows
    assert rows[:2] == [
        (1, 1, "10.0.1.2", "10.0.1.2", 0.001677, "", 1),
        (1, 2, "", "", None, "", 1),
    ]


def test_a_target_that_does_not_answer_is_not_reached():
    metrics = report("traceroute_lost.txt").metrics
    assert (metrics["hops"], metrics["reached"]) == (1, 0)


def test_nobody_answering_is_no_hop():
    assert report("traceroute_unreachable.txt").metrics == {"hops": 0, "reached": 0}


def test_names_and_stars_before_an_answer_are_read():
    rows = report("traceroute_names.txt").tables["hops"].rows
    assert rows[-2:] == [
        (6, 2, "10.0.2.2", "10.0.2.2", 0.00005, "", 1),
        (6, 3, "10.0.2.2", "10.0.2.2", 0.000008, "", 1),
    ]


def test_an_answer_that_says_unreachable_is_not_the_target():
    text = "traceroute to h (10.0.2.2), 30 hops max, 60 byte packets\n 1  h (10.0.2.2)  1.0 ms !H\n"
    found = parse_traceroute(text)
    assert found.metrics["reached"] == 0
    assert found.tables["hops"].rows == [(1, 1, "10.0.2.2", "h", 0.001, "!H", 1)]


def test_nothing_yet_is_no_number():
    assert parse_traceroute("").metrics == {}


def test_several_runs_are_numbered_and_the_last_one_counts():
    found = report("traceroute_twice.txt")
    assert [row[-1] for row in found.tables["hops"].rows] == [1, 2]
    assert found.metrics["rtt.avg"] == pytest.approx(0.010161)
