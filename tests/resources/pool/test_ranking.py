"""Which hosts are better."""

import pytest

from nepishell.core.errors import BadValue
from nepishell.resources.pool.ranking import DEFAULT, parse_rank, score


def test_the_default_is_nepis_rating_with_its_values_for_what_was_not_measured():
    weights = parse_rank(DEFAULT)
    assert score(weights, {}) == pytest.approx(100 + 4 - 0.6 - 1.024)
    measured = {"reliability": ("50",), "cpu": ("10",), "load": ("1",), "bandwidth": ("1000",)}
    assert score(weights, measured) == pytest.approx(50 + 1 - 0.2 - 1)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("", ()),
        ("a", (("a", 1.0),)),
        ("-Load", (("load", -1.0),)),
        ("2*a-b * .5", (("a", 2.0), ("b", -0.5))),
    ],
)
def test_a_ranking_is_a_sum(text, weights):
    assert parse_rank(text) == weights


@pytest.mark.parametrize("text", ["a b", "2*", "2*a*3", "a + + b", "a*", "1", "f(a)", "a/b"])
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(BadValue, match="is not a ranking"):
        parse_rank(text)


def test_what_is_no_number_counts_as_not_measured():
    assert score(parse_rank("a + load"), {"a": ("many",), "load": ("?",)}) == 3.0
