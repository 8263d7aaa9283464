"""Param: values with names and types; what is none of the type is refused."""

import pytest

from nepishell.commands.parameters import Kind, read_kind
from nepishell.core.errors import BadValue, NepishellError
from tests.commands.stand import Session


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("duration", "20ms", "20 sec"),
        ("rate", "10mbit", "fast"),
        ("size", "64kB", "big"),
        ("percent", "5%", "105%"),
        ("int", "-3", "1.5"),
        ("float", "1e3", "nan"),
        ("bool", "true", "perhaps"),
        ("reno|cubic", "cubic", "bbr"),
        ("reno,cubic", "reno", ""),
    ],
)
def test_a_type_takes_its_values_and_no_others(kind: str, good: str, bad: str) -> None:
    read_kind(kind).check("x", good)
    with pytest.raises(BadValue, match=r"^x: "):
        read_kind(kind).check("x", bad)


@pytest.mark.parametrize("text", ["durtion", "", "a|", "|", "a|a"])
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        read_kind(text)


def test_a_type_near_the_one_that_was_meant_is_named() -> None:
    with pytest.raises(BadValue, match="did you mean 'duration'"):
        read_kind("durtion")


@pytest.mark.parametrize(
    "line", ["param delay=20ms duration", "param delay 20ms duration", "param delay=20ms"]
)
def test_a_parameter_is_declared_in_two_ways(session: Session, line: str) -> None:
    session(line)
    assert session.ctx.parameters == {"delay": "20ms"}
    assert session.text("say ${delay}") == "20ms"


def test_choices_need_no_quotes(session: Session) -> None:
    session("param cc=reno reno|cubic|bbr")
    assert session.ctx.kinds["cc"] == Kind("choice", ("reno", "cubic", "bbr"))
    with pytest.raises(NepishellError, match="'vegas' is not one of reno, cubic, bbr"):
        session("param cc vegas")


def test_a_listing_shows_the_types_and_still_takes_stages(session: Session) -> None:
    session("param n=3 int")
    assert session.text("param | json") == '[{"name": "n", "value": "3", "type": "int"}]'


def test_a_default_that_is_none_of_the_type_declares_nothing(session: Session) -> None:
    with pytest.raises(NepishellError, match="n: 'x' is not a whole number"):
        session("param n=x int")
    assert session.ctx.parameters == {}


def test_a_given_value_is_checked_too(session: Session) -> None:
    session.ctx.fixed = frozenset({"n"})
    session.ctx.parameters["n"] = "many"
    with pytest.raises(NepishellError, match="--param n: 'many' is not a whole number"):
        session("param n=3 int")


def test_a_secret_is_masked_where_the_line_is_kept(session: Session) -> None:
    found = session.interpreter.walk("param password=hunter2")
    assert found.secret_words == ["hunter2"]
    assert "hunter2" not in session.interpreter.spell(found.calls[0])
