import pytest

from nepishell.resources.parsers.report import spread, table


def test_a_table_is_csv_with_nothing_for_none():
    assert table("a b", [(1, None), ("x", 0.5)]).csv() == "a,b\n1,\nx,0.5\n"


def test_a_spread_has_the_standard_deviation():
    found = spread("rtt", [1.0, 3.0])
    assert found == pytest.approx({"rtt.min": 1, "rtt.avg": 2, "rtt.max": 3, "rtt.mdev": 1})


def test_no_values_have_no_spread():
    assert spread("rtt", []) == {}
