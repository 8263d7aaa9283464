"""What is wanted of a host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import BadValue
from nepishell.resources.pool.where import at_least, at_most, equals, parse_where

HOST = {
    "country": ("FR",),
    "tag": ("4",),
    "tags": ("wifi", "gpu"),
    "version": ("1.10",),
    "ssd": ("true",),
    "old": ("false",),
    "city": ("Saint Denis",),
}


def fits(text: str) -> bool:
    return all(each.fits(HOST) for each in parse_where(text))


@pytest.mark.parametrize(
    "text",
    ["", "  ", "tag >= 4", "tag<=4", "tag=4.0", "tag 3..5", "tag=..4", "tag 4..", "country=fr",
     "country = de | fr", "country!=de", "wifi", "!nothing", "not nothing", "!old", "ssd",
     "version=1.10", "tag >= 4 & country=fr, wifi && gpu", "city='saint denis'",
     'city="x,y"|"Saint Denis"', "tag > 3"],
)  # fmt: skip
def test_it_fits(text):
    assert fits(text)


@pytest.mark.parametrize(
    "text",
    ["tag > 4", "tag<4", "tag=5", "tag 5..9", "country=de", "country!=fr", "nothing", "!wifi",
     "old", "nothing=1", "nothing!=1", "nothing < 5", "country < 5", "tag>=4, country=de"],
)  # fmt: skip
def test_it_does_not_fit(text):
    assert not fits(text)


@pytest.mark.parametrize(
    "text",
    ["tag >", "a,,b", ",a", "a,", "x=='y", "tag>=x", "10..20", "tag 9..1", "a b c", "a=", "=4",
     "a=1|", "import os; os.x()", "tag .. ", "a,(b)"],
)  # fmt: skip
def test_what_is_no_constraint_is_refused_with_an_example(text):
    with pytest.raises(BadValue, match=r"write it as in|holds for no number"):
        parse_where(text)


@given(st.text(max_size=40))
def test_any_text_is_understood_or_refused(text):
    try:
        found = parse_where(text)
    except BadValue:
        return
    assert all(each.fits(HOST) in (True, False) for each in found)


def test_attributes_are_constraints_that_read_like_them():
    said = [at_least("cpu", 4), at_most("load", 0.5), equals("country", "fr|de")]
    assert [each.text for each in said] == ["cpu >= 4", "load <= 0.5", "country=fr|de"]
    assert [each.fits({"cpu": ("4",), "load": ("1",), **HOST}) for each in said] == [
        True, False, True,
    ]  # fmt: skip
