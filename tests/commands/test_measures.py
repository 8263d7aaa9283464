"""One number out of a CSV trace."""

import pytest

from nepishell.commands.measures import Column, is_statistic, read_column, statistic
from nepishell.core.errors import BadValue, UnknownName

TABLE = "at_s,seq,rtt_ms\n0.0,1,40.5\n0.2,2,\n0.4,3,41.5\n"


def test_a_column_is_in_base_units_and_skips_what_is_missing():
    assert read_column(TABLE, "rtt") == Column("rtt", "duration", (0.0405, 0.0415))


def test_a_column_may_be_named_with_its_unit():
    assert read_column(TABLE, "rtt_ms").values == (0.0405, 0.0415)


def test_a_column_without_unit_is_a_plain_number():
    assert read_column(TABLE, "seq") == Column("seq", "number", (1, 2, 3))


@pytest.mark.parametrize("name", ["last", "avg", "best", "worst", "stdev"])
def test_the_times_of_mtrs_hops_are_durations(name):
    found = read_column("hop,last,avg,best,worst,stdev\n1,0.1,0.1,0.1,0.1,0.1\n", name)
    assert found == Column(name, "duration", (0.1,))


def test_an_unknown_column_is_answered_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"no column 'rttt'; columns are at, seq, rtt; did you"):
        read_column(TABLE, "rttt")


def test_an_empty_trace_says_that_nothing_was_recorded():
    with pytest.raises(UnknownName, match="nothing has been recorded yet"):
        read_column("", "rtt")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("avg", 3), ("min", 1), ("max", 5), ("median", 3), ("sum", 15), ("count", 5),
        ("p95", 5), ("p50", 3), ("p1", 1), ("first", 1), ("last", 4), ("stddev", 2**0.5),
    ],
)  # fmt: skip
def test_a_statistic_is_what_its_name_says(name, value):
    assert statistic(name, [1, 5, 2, 3, 4]) == pytest.approx(value)


def test_no_numbers_have_a_count_and_no_average():
    assert statistic("count", []) == 0
    with pytest.raises(BadValue, match="no number has been recorded yet"):
        statistic("avg", [])


def test_an_unknown_statistic_suggests_one():
    assert not is_statistic("agv")
    with pytest.raises(UnknownName, match="did you mean 'avg'"):
        statistic("agv", [1])
