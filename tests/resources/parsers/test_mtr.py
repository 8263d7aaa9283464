from pathlib import Path

import pytest

from nepishell.resources.parsers.mtr import parse_mtr

SAMPLES = Path(__file__).parent.parent / "samples"


def report(name: str):
    return parse_mtr((SAMPLES / name).read_text())


def test_the_numbers_are_those_of_the_last_hop():
    metrics = report("mtr.txt").metrics
    assert (metrics["hops"], metrics["loss"], metrics["sent"]) == (2, 40, 10)
    assert metrics["rtt.min"] == pytest.approx(0.3627)
    assert metrics["rtt.avg"] == pytest.approx(1.12)
    assert metrics["rtt.max"] == pytest.approx(2.073)


def test_each_hop_is_a_row():
    rows = report("mtr.txt").tables["hops"].rows
    assert rows[0][:4] == (1, "10.0.1.2", 0.0, 10)
    assert rows[0][4:9] == pytest.approx((0.0103, 0.0112, 0.0101, 0.0203, 0.0032))
    assert rows[0][9] == 1


def test_several_reports_are_numbered_and_the_last_one_counts():
    found = report("mtr_twice.txt")
    assert [row[-1] for row in found.tables["hops"].rows] == [1, 2]
    assert found.metrics["rtt.min"] == pytest.approx(0.0101)


def test_a_hop_that_says_nothing_has_no_address_and_no_times():
    line = "HOST: h1  Loss%   Snt   Last   Avg  Best  Wrst StDev\n" + (
        "  1.|-- ???          100.0     5    0.0   0.0   0.0   0.0   0.0\n"
    )
    found = parse_mtr(line)
    assert found.tables["hops"].rows[0][1:6] == ("", 100.0, 5, None, None)
    assert found.metrics == {"hops": 1, "sent": 5, "loss": 100}


def test_nothing_is_no_number():
    assert report("mtr_unknown.txt").metrics == {}
