"""Ranges and quantities as `expect` reads them."""

import pytest

from nepishell.commands.bounds import format_quantity, parse_bound, parse_quantity
from nepishell.core.attributes import Types
from nepishell.core.errors import BadValue


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("40ms", 0.04, Types.Duration),
        ("2*20ms", 0.04, Types.Duration),
        ("20ms/5", 0.004, Types.Duration),
        ("9mbit", 9e6, Types.Rate),
        ("5%", 5.0, Types.Percent),
        ("64kB", 64000, Types.Size),
        ("3", 3.0, Types.Double),
        ("-3", -3.0, Types.Double),
    ],
)
def test_a_quantity_is_read_in_its_base_unit(text, value, kind):
    quantity = parse_quantity(text)
    assert (quantity.value, quantity.kind) == (pytest.approx(value), kind)


@pytest.mark.parametrize("text", ["", "ms", "2*", "20ms/0", "1..2", "nan", "web"])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(BadValue, match="is not a quantity"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("35ms..60ms", [0.035, 0.04, 0.06], [0.034, 0.061]),
        ("..60ms", [0, 0.06], [0.0601]),
        ("9mbit..", [9e6, 1e12], [8.9e6]),
        ("0%", [0], [0.1]),
        ("2*20ms+-5ms", [0.035, 0.045], [0.0349, 0.0451]),
        ("10mbit+-10%", [9e6, 11e6], [8.9e6, 11.1e6]),
        ("50±5", [45, 55], [44, 56]),
        ("40ms", [0.04, 0.1 - 0.06], [0.0401]),
    ],
)
def test_a_bound_holds_inside_its_ends_only(text, inside, outside):
    bound = parse_bound(text)
    assert [value for value in (*inside, *outside) if bound.holds(value)] == inside


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("..", "'..' is not a range"),
        ("60ms..35ms", "is an empty range"),
        ("35ms..60mbit", "mixes units"),
        ("35ms..abc", "'abc' is not a quantity"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(text, message):
    with pytest.raises(BadValue, match=message):
        parse_bound(text)


def test_a_word_is_a_text_bound():
    bound = parse_bound("relay")
    assert (bound.text, bound.kind) == ("relay", None)


def test_a_bound_of_another_kind_is_not_compared():
    with pytest.raises(BadValue, match=r"rtt is a duration: '5%' cannot be compared with it"):
        parse_bound("5%").check_kind("rtt", Types.Duration)


def test_a_plain_number_is_compared_with_any_kind():
    parse_bound("5").check_kind("rtt", Types.Duration)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.040283712, Types.Duration, "40.28ms"),
        (9.4372e6, Types.Rate, "9.437mbit"),
        (1 / 3, Types.Percent, "0.3333%"),
        (5.0, Types.Integer, "5"),
        (1536, Types.Size, "1536B"),
    ],
)
def test_measured_values_are_shown_with_four_digits(value, kind, text):
    assert format_quantity(value, kind) == text
