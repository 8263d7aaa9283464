"""Ranges and quantities as `expect` reads them."""

import pytest

from nepishell.commands.bounds import parse_term, parse_wanted, show_number
from nepishell.core.errors import BadValue


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("40ms", 0.04, "duration"),
        ("2*20ms", 0.04, "duration"),
        ("20ms/5", 0.004, "duration"),
        ("9mbit", 9e6, "rate"),
        ("5%", 5.0, "percent"),
        ("64kB", 64000, "size"),
        ("3", 3.0, "number"),
        ("-3", -3.0, "number"),
    ],
)
def test_a_quantity_is_read_in_its_base_unit(text, value, kind):
    assert parse_term(text) == (pytest.approx(value), kind)


@pytest.mark.parametrize("text", ["", "ms", "2*", "20ms/0", "1..2", "nan", "web"])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(BadValue, match="is not a"):
        parse_term(text)


@pytest.mark.parametrize(
    ("text", "kind", "inside", "outside"),
    [
        ("35ms..60ms", "duration", [0.035, 0.04, 0.06], [0.034, 0.061]),
        ("..60ms", "duration", [0, 0.06], [0.0601]),
        ("9mbit..", "rate", [9e6, 1e12], [8.9e6]),
        (">9mbit", "rate", [9.1e6], [9e6]),
        ("0%", "percent", [0], [0.1]),
        ("2*20ms+-5ms", "duration", [0.035, 0.045], [0.0349, 0.0451]),
        ("10mbit+-10%", "rate", [9e6, 11e6], [8.9e6, 11.1e6]),
        ("50±5", "number", [45, 55], [44, 56]),
        ("40ms", "duration", [0.04, 0.1 - 0.06], [0.0401]),
        ("..5", "duration", [4], [6]),
    ],
)
def test_a_bound_holds_inside_its_ends_only(text, kind, inside, outside):
    wanted = parse_wanted(text)
    assert [v for v in (*inside, *outside) if wanted.holds("it", v, kind)] == inside


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("..", "'..' is not a range"),
        ("60ms..35ms", "is an empty range"),
        ("35ms..60mbit", "mixes units"),
        ("35ms+-1mbit", "mixes units"),
        ("35ms..abc", "'abc' is not a quantity"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(text, message):
    with pytest.raises(BadValue, match=message):
        parse_wanted(text)


def test_a_word_is_wanted_as_it_is():
    assert (parse_wanted("relay").text, parse_wanted("relay").bound) == ("relay", None)


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("5%", "duration", "rtt is a duration: '5%' cannot be compared with it"),
        ("relay", "duration", "rtt is a duration: 'relay' cannot be compared with it"),
        ("5%", "number", "rtt is a plain number: '5%' cannot be compared with it"),
    ],
)
def test_what_is_of_another_kind_is_not_compared(text, kind, message):
    with pytest.raises(BadValue, match=message):
        parse_wanted(text).holds("rtt", 1.0, kind)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.040283712, "duration", "40.28ms"),
        (0.0407, "duration", "40.7ms"),
        (1.5, "duration", "1.5s"),
        (0.0, "duration", "0s"),
        (9.4372e6, "rate", "9.437mbit"),
        (1 / 3, "percent", "0.3333%"),
        (5.0, "number", "5"),
        (-0.001, "duration", "-1ms"),
    ],
)
def test_measured_values_are_shown_with_four_digits(value, kind, text):
    assert show_number(value, kind) == text
