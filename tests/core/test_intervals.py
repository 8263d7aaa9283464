"""Intervals of means: values from tables of Student's t, and what too few values say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from nepishell.core.errors import BadValue
from nepishell.core.intervals import difference, mean_interval

SAMPLES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30)


def test_the_interval_of_five_values_uses_students_t_with_four_degrees_of_freedom():
    found = mean_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert (found.mean, found.n) == (3.0, 5)
    # t(0.975, 4) = 2.776 in every table; the standard error is sqrt(2.5 / 5)
    assert found.half_width == pytest.approx(2.7764451 * math.sqrt(0.5))
    assert (found.low, found.high) == pytest.approx((3 - found.half_width, 3 + found.half_width))


def test_more_confidence_wants_a_wider_interval():
    values = [1.0, 2.0, 4.0]
    assert mean_interval(values, 0.99).half_width > mean_interval(values, 0.9).half_width


def test_one_value_has_a_mean_and_says_nothing_of_how_sure_it_is():
    found = mean_interval([7.0])
    assert (found.mean, found.low, found.high) == (7.0, -math.inf, math.inf)


def test_values_that_are_all_alike_leave_no_doubt():
    assert mean_interval([2.0, 2.0, 2.0]).half_width == 0
    assert difference([2.0, 2.0], [3.0, 3.0])[:3] == (1.0, 1.0, 1.0)


def test_a_difference_is_what_scipys_own_test_of_welch_says():
    a, b = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9], [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0]
    found = difference(a, b)
    told = ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((told.low, told.high))
    assert found.n == 14


def test_a_single_value_on_one_side_gives_a_difference_without_bounds():
    assert difference([1.0], [2.0, 3.0]).half_width == math.inf


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, 95.0])
def test_a_confidence_that_is_none_is_refused(level):
    with pytest.raises(BadValue, match="not between 0 and 1"):
        mean_interval([1.0, 2.0], level)


def test_no_values_are_refused():
    with pytest.raises(BadValue, match="nothing was measured"):
        mean_interval([])
    with pytest.raises(BadValue, match="nothing was measured"):
        difference([1.0, 2.0], [])


@given(SAMPLES, SAMPLES)
def test_a_difference_the_other_way_round_is_its_mirror(a, b):
    there, back = difference(a, b), difference(b, a)
    assert there.mean == pytest.approx(-back.mean)
    assert there.half_width == pytest.approx(back.half_width)
    assert there.low <= there.mean <= there.high
